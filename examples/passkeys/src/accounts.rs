//! Accounts in memory; in a real service, a table.

use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

use webauthn_rs::prelude::{AuthenticationResult, Passkey, PublicKeyCredential};

use crate::Failed;

#[derive(Default)]
pub(crate) struct Accounts(Mutex<Tables>);

#[derive(Default)]
struct Tables {
    passkeys: HashMap<String, Vec<Passkey>>,
    /// Signatures that logged somebody in. Keep each for as long as a ceremony lasts.
    used: HashSet<Vec<u8>>,
}

impl Accounts {
    pub(crate) fn knows(&self, name: &str) -> bool {
        self.tables().passkeys.contains_key(name)
    }

    /// Two tabs may register the same name side by side, so the name is looked up again.
    pub(crate) fn add(&self, name: &str, passkey: Passkey) -> Result<(), Failed> {
        let mut tables = self.tables();
        if tables.passkeys.contains_key(name) {
            return Err(Failed::Refused);
        }
        tables.passkeys.insert(name.to_owned(), vec![passkey]);
        Ok(())
    }

    pub(crate) fn passkeys(&self, name: &str) -> Result<Vec<Passkey>, Failed> {
        self.tables().passkeys.get(name).cloned().ok_or(Failed::Refused)
    }

    /// Accepts an answer once, and keeps the passkey's counter.
    pub(crate) fn use_up(
        &self,
        name: &str,
        answer: &PublicKeyCredential,
        result: &AuthenticationResult,
    ) -> Result<(), Failed> {
        let mut tables = self.tables();
        if !tables.used.insert(answer.response.signature.to_vec()) {
            return Err(Failed::Refused);
        }
        for passkey in tables.passkeys.get_mut(name).ok_or(Failed::Refused)? {
            passkey.update_credential(result);
        }
        Ok(())
    }

    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
