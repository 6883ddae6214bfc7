//! All vectors of FORMAT.md, section 7, which another implementation made. Each is written to standard input with one line end
//! behind it, as a pipe from `echo` has: one that ends with a line end of its own is refused for that.

use serde_json::{Map, Value, json};

use crate::command::{Ran, run_with};

fn vectors(list: &str) -> Vec<Value> {
    let file: Value = serde_json::from_str(include_str!("../vectors/v1.json")).unwrap();
    let policy = json!({"idle": 1800, "absolute": 43200, "remembered_idle": 604_800, "remembered_absolute": 2_592_000, "skew": 60});
    assert_eq!(file["policy"], policy, "the command's defaults");
    file[list].as_array().unwrap().clone()
}

fn opened(vector: &Value) -> Ran {
    let text = |field: &str| vector[field].as_str().unwrap();
    let number = |field: &str| vector[field].as_u64().unwrap_or(0).to_string();
    let (now, valid_after) = (number("now"), number("valid_after"));
    let mut arguments = vec!["token", "open", "--cookie-name", text("cookie_name"), "--now", &now];
    arguments.extend(["--purpose", text("purpose"), "--binding", text("binding")]);
    if vector.get("valid_after").is_some() {
        arguments.extend(["--valid-after", &valid_after]);
    }
    run_with(text("key_text"), format!("{}\n", text("token")).as_bytes(), &arguments)
}

#[test]
fn every_accepted_vector_is_opened_to_what_it_says() {
    let fields = [
        "key_id",
        "suite",
        "flags",
        "schema",
        "created_at",
        "ends_at",
        "issued_at",
        "expires_at",
        "session_id",
        "payload",
        "extensions",
    ];
    let mut count = 0;
    for vector in vectors("accepted") {
        let expected: Map<_, _> = fields.iter().map(|field| ((*field).to_owned(), vector[field].clone())).collect();
        let stdout = opened(&vector).fine();
        assert_eq!(serde_json::from_str::<Value>(&stdout).unwrap(), Value::Object(expected), "{}", vector["name"]);
        assert_eq!(stdout.matches('\n').count(), 1, "one object on one line");
        count += 1;
    }
    assert_eq!(count, 100);
}

#[test]
fn every_refused_vector_is_refused_for_its_reason() {
    let mut count = 0;
    for vector in vectors("refused") {
        let Ran { code, stdout, stderr } = opened(&vector);
        let reason = vector["refused"].as_str().unwrap();
        let expected = format!("{{\"refused\":\"{reason}\"}}\n");
        assert_eq!((code, stdout, stderr.as_str()), (Some(1), expected, ""), "{}", vector["name"]);
        count += 1;
    }
    assert_eq!(count, 170);
}

#[test]
fn one_object_in_the_order_of_the_contract() {
    let vector = &vectors("accepted")[0];
    let expected = "{\"key_id\":\"cd4cceef\",\"suite\":1,\"flags\":1,\"schema\":48607,\"created_at\":1773508479,\
                    \"ends_at\":1773551679,\"issued_at\":1773514717,\"expires_at\":1773516517,\"session_id\":\
                    \"f7b324fe752f07cfee0002dea01ce826\",\"payload\":\"\",\"extensions\":[]}\n";
    assert_eq!(opened(vector).fine(), expected);
}
