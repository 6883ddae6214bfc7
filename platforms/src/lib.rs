//! Nothing: the tests and the example are what runs on other targets.
