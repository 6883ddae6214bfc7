//! What somebody does.

/// An act: a request of the browser, one of a thief who has a copy of its first cookie, or something that happens by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Act {
    Use,
    Renew,
    /// Writes a number of its own, and the stamp of today, into the session.
    Update,
    Cycle,
    /// Proves who they are again, then writes the stamp of today.
    Reauthenticate,
    Login,
    Logout,
    ThiefUses,
    ThiefRenews,
    ThiefUpdates,
    ThiefCycles,
    /// The user logs out everywhere: their stamp changes.
    Revoke,
    /// Four minutes pass: three of them end no session.
    Wait,
    /// The next hook fails.
    Fail,
    /// A task that a handler left behind writes the stamp of today.
    WriteLate,
}

pub(crate) const ACTS: [Act; 15] = [
    Act::Use,
    Act::Renew,
    Act::Update,
    Act::Cycle,
    Act::Reauthenticate,
    Act::Login,
    Act::Logout,
    Act::ThiefUses,
    Act::ThiefRenews,
    Act::ThiefUpdates,
    Act::ThiefCycles,
    Act::Revoke,
    Act::Wait,
    Act::Fail,
    Act::WriteLate,
];

impl Act {
    /// Who sends the request: the browser, or the thief. `None` if it is none.
    pub(crate) fn sender(self) -> Option<usize> {
        match self {
            Self::Revoke | Self::Wait | Self::Fail | Self::WriteLate => None,
            Self::ThiefUses | Self::ThiefRenews | Self::ThiefUpdates | Self::ThiefCycles => Some(1),
            _ => Some(0),
        }
    }

    /// What the handler does, whoever asks for it.
    pub(crate) fn verb(self) -> Self {
        match self {
            Self::ThiefUses => Self::Use,
            Self::ThiefRenews => Self::Renew,
            Self::ThiefUpdates => Self::Update,
            Self::ThiefCycles => Self::Cycle,
            other => other,
        }
    }
}
