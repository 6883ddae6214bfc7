//! Changes that people make to a type, each looked at both ways: by the next release, and by the one before.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::layouts::{read, refused, written};

/// Declares a type in a module of its own, so that all can have one name.
macro_rules! layout {
    ($name:ident, $($item:tt)*) => {
        #[allow(dead_code, reason = "some are only read")]
        mod $name {
            use super::*;
            #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
            $($item)*
        }
    };
}

layout!(
    cart,
    pub(super) struct T {
        pub(super) items: u64,
        pub(super) gift: bool,
    }
);
layout!(
    account,
    pub(super) struct T {
        pub(super) user: u64,
        pub(super) admin: bool,
    }
);
layout!(
    inserted,
    pub(super) struct T {
        pub(super) items: u64,
        pub(super) new: bool,
        pub(super) gift: bool,
    }
);
layout!(
    reordered,
    pub(super) struct T {
        pub(super) gift: bool,
        pub(super) items: u64,
    }
);
layout!(
    retyped,
    pub(super) struct T {
        pub(super) items: i64,
        pub(super) gift: bool,
    }
);
layout!(
    optional,
    pub(super) struct T {
        pub(super) items: u64,
        pub(super) gift: Option<bool>,
    }
);
layout!(
    removed,
    pub(super) struct T {
        pub(super) items: u64,
    }
);
layout!(
    nested,
    pub(super) struct T {
        pub(super) items: u64,
        pub(super) inner: cart::T,
    }
);
layout!(
    nested_changed,
    pub(super) struct T {
        pub(super) items: u64,
        pub(super) inner: account::T,
    }
);

#[track_caller]
fn apart<A, B>(a: &A, b: &B)
where
    A: Serialize + serde::de::DeserializeOwned,
    B: Serialize + serde::de::DeserializeOwned,
{
    refused::<B>(&written(a).unwrap());
    refused::<A>(&written(b).unwrap());
}

#[track_caller]
fn alike<A, B>(a: &A, b: &B)
where
    A: Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug,
    B: Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug,
{
    assert_eq!(&read::<B>(&written(a).unwrap()).unwrap(), b);
    assert_eq!(&read::<A>(&written(b).unwrap()).unwrap(), a);
}

fn a_cart() -> cart::T {
    cart::T { items: 1, gift: true }
}

#[test]
fn a_cart_is_no_account_though_its_bytes_are() {
    let account = account::T { user: 1, admin: true };
    assert_eq!(written(&a_cart()).unwrap()[3..], written(&account).unwrap()[3..]);
    apart(&a_cart(), &account);
}

#[test]
fn a_field_inserted_is_refused() {
    apart(&a_cart(), &inserted::T { items: 1, new: true, gift: true });
}

#[test]
fn a_field_reordered_is_refused() {
    apart(&cart::T { items: 1, gift: true }, &reordered::T { gift: true, items: 1 });
}

#[test]
fn a_field_of_another_kind_is_refused() {
    apart(&a_cart(), &retyped::T { items: 1, gift: true });
}

#[test]
fn a_field_made_optional_is_refused() {
    apart(&a_cart(), &optional::T { items: 1, gift: None });
    apart(&a_cart(), &optional::T { items: 1, gift: Some(true) });
}

#[test]
fn a_field_removed_or_appended_without_a_default_is_refused() {
    apart(&a_cart(), &removed::T { items: 1 });
}

#[test]
fn a_change_of_a_nested_struct_is_refused() {
    let after = nested_changed::T { items: 1, inner: account::T { user: 1, admin: true } };
    apart(&nested::T { items: 1, inner: a_cart() }, &after);
}

#[test]
fn a_longer_tuple_is_refused() {
    apart(&(1_u8, 2_u8), &(1_u8, 2_u8, 3_u8));
    apart(&vec![(1_u8, 2_u8)], &vec![(1_u8, 2_u8, 3_u8)]);
    apart(&(1_u8, vec![2_u8, 3]), &(vec![2_u8, 3], 1_u8));
}

mod variants {
    use super::*;

    layout!(
        before,
        pub(super) enum T {
            Guest,
            User(u64),
            Admin { level: u8 },
        }
    );
    layout!(
        inserted,
        pub(super) enum T {
            Robot,
            Guest,
            User(u64),
            Admin { level: u8 },
        }
    );
    layout!(
        renamed,
        pub(super) enum T {
            Visitor,
            Person(u64),
            Root { level: u8 },
        }
    );
    layout!(
        swapped,
        pub(super) enum T {
            User(u64),
            Guest,
            Admin { level: u8 },
        }
    );
    layout!(
        content,
        pub(super) enum T {
            Guest(u8),
            User(i64),
            Admin { rank: u8 },
        }
    );
    layout!(
        appended,
        pub(super) enum T {
            Guest,
            User(u64),
            Admin { level: u8 },
            Robot,
        }
    );

    #[test]
    fn a_variant_in_use_inserted_before_is_refused() {
        apart(&before::T::Guest, &inserted::T::Robot);
        apart(&before::T::User(1), &inserted::T::User(1));
        apart(&before::T::Admin { level: 1 }, &inserted::T::Admin { level: 1 });
    }

    #[test]
    fn a_variant_in_use_renamed_or_swapped_is_refused() {
        apart(&before::T::Guest, &renamed::T::Visitor);
        apart(&before::T::User(1), &renamed::T::Person(1));
        apart(&before::T::Admin { level: 1 }, &renamed::T::Root { level: 1 });
        apart(&before::T::Guest, &swapped::T::Guest);
        apart(&before::T::User(1), &swapped::T::User(1));
    }

    #[test]
    fn a_variant_whose_content_changed_is_refused() {
        apart(&before::T::Guest, &content::T::Guest(1));
        apart(&before::T::User(1), &content::T::User(1));
        apart(&before::T::Admin { level: 1 }, &content::T::Admin { rank: 1 });
    }

    #[test]
    fn a_variant_appended_is_held_by_nodes_that_do_not_know_it() {
        refused::<before::T>(&written(&appended::T::Robot).unwrap());
        refused::<Vec<before::T>>(&written(&[appended::T::Guest, appended::T::Robot]).unwrap());
    }

    #[test]
    fn variants_that_are_not_in_use_may_change() {
        alike(&before::T::Guest, &appended::T::Guest);
        alike(&before::T::Admin { level: 3 }, &content_but_admin::T::Admin { level: 3 });
        alike(&Vec::<before::T>::new(), &Vec::<inserted::T>::new());
        alike(&None::<before::T>, &None::<inserted::T>);
    }

    layout!(
        content_but_admin,
        pub(super) enum T {
            Nobody,
            Someone(i8),
            Admin { level: u8 },
        }
    );
}

mod rightly_the_same {
    use super::*;

    layout!(
        wider,
        pub(super) struct T {
            pub(super) items: u32,
            pub(super) gift: bool,
        }
    );
    layout!(
        renamed_type,
        pub(super) struct Basket {
            pub(super) items: u64,
            pub(super) gift: bool,
        }
    );
    layout!(
        old_name,
        pub(super) struct T {
            #[serde(rename = "items")]
            pub(super) count: u64,
            pub(super) gift: bool,
        }
    );

    #[test]
    fn a_renamed_type_and_a_field_under_its_old_name() {
        alike(&a_cart(), &renamed_type::Basket { items: 1, gift: true });
        alike(&a_cart(), &old_name::T { count: 1, gift: true });
    }

    #[test]
    fn a_wider_number_a_boxed_text_a_set_an_array_a_box() {
        alike(&a_cart(), &wider::T { items: 1, gift: true });
        alike(&String::from("ab"), &Box::<str>::from("ab"));
        alike(&vec![1_u64, 2], &BTreeSet::from([1_u64, 2]));
        alike(&(1_u8, 2_u8), &[1_u8, 2]);
        alike(&a_cart(), &Box::new(a_cart()));
        alike(&BTreeMap::from([(1_u8, 2_u8)]), &std::collections::HashMap::from([(1_u8, 2_u8)]));
    }
}
