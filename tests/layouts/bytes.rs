//! The bytes, written out: what docs/FORMAT.md gives as examples.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::layouts::{common::layout::Value, read, written};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Login {
    user: u64,
    name: String,
    roles: Vec<Role>,
    note: Option<String>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
enum Role {
    Reader,
    Editor { since: i32 },
    Owner(u8, bool),
}

fn login() -> Login {
    let roles = vec![Role::Reader, Role::Editor { since: -1 }, Role::Owner(7, true)];
    Login { user: 300, name: "ada".to_owned(), roles, note: None }
}

#[test]
fn a_login_has_these_bytes_by_both_implementations() {
    let roles = vec![
        Value::Variant(0, "Reader", None),
        Value::Variant(1, "Editor", Some(Value::fields([("since", Value::Signed(-1))]).into())),
        Value::Variant(2, "Owner", Some(Value::Tuple(vec![Value::U8(7), Value::Bool(true)]).into())),
    ];
    let described = Value::fields([
        ("user", Value::Unsigned(300)),
        ("name", Value::text("ada")),
        ("roles", Value::Seq(roles)),
        ("note", Value::None),
    ]);
    // Of vectors/layouts.json, "login".
    let layout = [0xa7, 0x68, 0xbc];
    let bytes = [0xac, 0x02, 3, b'a', b'd', b'a', 3, 0, 1, 1, 2, 7, 1, 0];
    assert_eq!(written(&login()).unwrap(), [layout.as_slice(), &bytes].concat());
    assert_eq!(written(&login()).unwrap(), described.payload());
    assert_eq!(read::<Login>(&described.payload()), Ok(login()));
}

/// The value of a vector: its kind, and what is in it.
fn described(json: &Json) -> Value {
    let text = |at: usize| json[at].as_str().unwrap();
    let name = |at: usize| -> &'static str { text(at).to_owned().leak() };
    let list = || json[1].as_array().unwrap().iter();
    match text(0) {
        "unit" => Value::Unit,
        "bool" => Value::Bool(json[1].as_bool().unwrap()),
        "u8" => Value::U8(json[1].as_u64().unwrap().try_into().unwrap()),
        "i8" => Value::I8(json[1].as_i64().unwrap().try_into().unwrap()),
        "uint" => Value::Unsigned(json[1].as_u64().unwrap()),
        "int" => Value::Signed(json[1].as_i64().unwrap()),
        "f32" => Value::F32(json[1].as_f64().unwrap() as f32),
        "f64" => Value::F64(json[1].as_f64().unwrap()),
        "char" => Value::Char(text(1).parse().unwrap()),
        "str" => Value::text(text(1)),
        "none" => Value::None,
        "some" => Value::Some(described(&json[1]).into()),
        "seq" => Value::Seq(list().map(described).collect()),
        "tuple" => Value::Tuple(list().map(described).collect()),
        "map" => Value::Map(list().map(|entry| (described(&entry[0]), described(&entry[1]))).collect()),
        "struct" => {
            let field = |field: &Json| -> (&'static str, Value) {
                (field[0].as_str().unwrap().to_owned().leak(), described(&field[1]))
            };
            Value::Struct(list().map(field).collect())
        }
        "variant" => {
            let inner = json.get(3).map(|inner| described(inner).into());
            Value::Variant(json[1].as_u64().unwrap().try_into().unwrap(), name(2), inner)
        }
        other => panic!("no kind {other}"),
    }
}

#[test]
fn every_vector_has_its_payload_by_both_implementations() {
    let vectors: Vec<Json> = serde_json::from_str(include_str!("../vectors/layouts.json")).unwrap();
    assert_eq!(vectors.len(), 17);
    for vector in vectors {
        let value = described(&vector["value"]);
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        assert_eq!(hex(&value.digest()), vector["layout"].as_str().unwrap(), "{}", vector["name"]);
        assert_eq!(hex(&written(&value).unwrap()), vector["payload"].as_str().unwrap(), "{}", vector["name"]);
    }
}
