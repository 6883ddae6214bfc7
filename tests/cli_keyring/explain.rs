//! Explain: the drawing, which fits a terminal, and the dates.

use serde_json::json;

use crate::cli_keyring::{
    ROTATING,
    command::{ONE, TWO},
    file, keyring, said,
};

#[test]
fn the_middle_of_a_rotation() {
    let path = file("explain", ROTATING);
    let expected = "\
: 2 keys, at 2027-02-24T04:30:00Z

            2026-11-26                                      2027-06-01
  cd4cceef  ###########################---                              active
  3eeee5a7                             .###########################---  pending
                                   now ^

  . waits, opens    # seals, opens    - opens    x revoked    blank: of no use

cd4cceef  suite 1, active
  created  2026-11-26T04:00:00Z
  seals    2026-11-26T04:00:00Z to 2027-02-24T05:01:00Z
  opens    to 2027-03-03T05:04:01Z, has to until 2027-03-03T05:03:01Z
3eeee5a7  suite 2, pending
  created  2027-02-24T04:00:00Z
  seals    2027-02-24T05:01:00Z to 2027-05-25T05:01:00Z
  opens    to 2027-06-01T05:04:01Z, has to until 2027-06-01T05:03:01Z

next
  by 2027-02-24T05:00:00Z    every node has this file, with 3eeee5a7
  at 2027-02-24T05:01:00Z    3eeee5a7 begins to seal, by itself
  by 2027-05-25T04:00:00Z    hardtack keyring rotate
";
    assert_eq!(said(keyring("explain", &path, "2027-02-24T04:30:00Z", &[]), &path), expected);
}

#[test]
fn a_ring_that_nobody_rotated() {
    let path = file(
        "explain-overdue",
        &ROTATING.replacen(
            "open_until = 2027-03-03T05:04:01Z\n",
            "open_until = 2027-03-03T05:04:01Z\nrevoked = 2026-12-26T00:00:00Z\n",
            1,
        ),
    );
    let expected = "\
: 2 keys, at 2027-12-01T00:00:00Z

            2026-11-26                                      2027-12-01
  cd4cceef  ####x                                                       revoked
  3eeee5a7                .###########################################  active
                                                                 now ^

  . waits, opens    # seals, opens    - opens    x revoked    blank: of no use

cd4cceef  suite 1, revoked
  created  2026-11-26T04:00:00Z
  seals    2026-11-26T04:00:00Z to 2027-02-24T05:01:00Z
  revoked  2026-12-26T00:00:00Z
3eeee5a7  suite 2, active
  created  2027-02-24T04:00:00Z
  seals    2027-02-24T05:01:00Z on; was to make room at 2027-05-25T05:01:00Z
  opens    for as long as it seals, at least

next
  rotation is overdue since 2027-05-25T05:01:00Z
  now                        hardtack keyring prune: cd4cceef is of no use now
  now                        hardtack keyring rotate
";
    assert_eq!(said(keyring("explain", &path, "2027-12-01T00:00:00Z", &[]), &path), expected);
}

#[test]
fn the_drawing_fits_80_columns_at_any_time() {
    let path = file("explain-width", ROTATING);
    for now in ["0", "1795665600", "1803862860", "1806000000", "253402300799", "2027-02-24T04:00:00Z"] {
        let text = said(keyring("explain", &path, now, &[]), &path);
        let drawn = text.split("problems\n").next().unwrap();
        assert!(drawn.lines().all(|line| line.chars().count() <= 80), "{text}");
        assert_eq!(drawn.matches("now ^").count() + drawn.matches("^ now").count(), 1, "{text}");
    }
}

#[test]
fn a_list_is_explained_as_one() {
    let path = file("explain-list", &format!("{TWO} {ONE}"));
    let expected = ": 2 keys, at 2027-02-24T04:30:00Z\n  3eeee5a7 seals and opens\n  cd4cceef opens\nA list without times: hardtack \
                    keyring init --import makes a keyring file of it.\n";
    assert_eq!(said(keyring("explain", &path, "2027-02-24T04:30:00Z", &[]), &path), expected);
}

#[test]
fn machines_see_every_time() {
    let path = file("explain-json", ROTATING);
    let told = keyring("explain", &path, "2027-02-24T04:30:00Z", &["--format", "json"]).json();
    assert_eq!(
        told["keys"][0],
        json!({
            "key_id": "cd4cceef", "suite": 1, "state": "active",
            "times": {
                "created": 1_795_665_600, "may_seal_from": 1_795_669_260, "seal_from": 1_795_665_600,
                "seal_until": 1_803_445_260, "stops_sealing": 1_803_445_260, "must_open_until": 1_804_050_181,
                "open_until": 1_804_050_241, "may_be_destroyed_from": 1_804_050_301, "revoked": null
            }
        })
    );
    assert_eq!(
        told["next"],
        json!([
            {"step": "distribute", "key_id": "3eeee5a7", "due": 1_803_445_200},
            {"step": "takes_over", "key_id": "3eeee5a7", "due": 1_803_445_260},
            {"step": "rotate", "key_id": "3eeee5a7", "due": 1_811_217_600}
        ])
    );
    assert_eq!(
        (&told["now"], &told["overdue_since"], &told["problems"]),
        (&json!(1_803_443_400), &json!(null), &json!([]))
    );
    let list = keyring("explain", &file("explain-json-list", ONE), "0", &["--format", "json"]).json();
    assert_eq!(list["keys"], json!([{"key_id": "cd4cceef", "suite": 1, "state": "active", "times": null}]));
    assert_eq!((&list["policy"], &list["next"]), (&json!(null), &json!([])));
}
