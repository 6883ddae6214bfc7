//! Templates with holes. Text that fills a hole is escaped; markup stays as it is.

/// HTML. Text becomes markup by [`text`] only, which escapes it.
#[derive(Clone, Default)]
pub(super) struct Markup(String);

impl Markup {
    pub(super) fn into_string(self) -> String {
        self.0
    }
}

impl FromIterator<Markup> for Markup {
    fn from_iter<I: IntoIterator<Item = Markup>>(pieces: I) -> Self {
        Self(pieces.into_iter().map(|piece| piece.0).collect())
    }
}

/// Text, as it is to be read.
#[allow(clippy::needless_pass_by_value, reason = "what is shown was mostly made for it")]
pub(super) fn text(text: impl ToString) -> Markup {
    let escaped = text.to_string().replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    Markup(escaped.replace('"', "&quot;").replace('\'', "&#39;"))
}

/// A file's markup, with each `{{name}}` replaced by what is given for it.
pub(super) fn fill(template: &'static str, holes: &[(&str, Markup)]) -> Markup {
    let mut pieces = template.split("{{");
    let mut filled = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, rest) = piece.split_once("}}").unwrap_or(("", piece));
        if let Some((_, markup)) = holes.iter().find(|(hole, _)| *hole == name) {
            filled.push_str(&markup.0);
        }
        filled.push_str(rest);
    }
    Markup(filled)
}
