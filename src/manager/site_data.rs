//! What browsers are told to forget at the end of a session (W3C *Clear Site Data*).

/// A kind of data that browsers keep for a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SiteData {
    /// What the browser has cached from this origin, pages to go back to among it.
    Cache,
    /// **All** cookies of the registrable domain, other services' and subdomains' too.
    Cookies,
    /// What scripts of this origin have stored, service workers among it.
    Storage,
    /// Open pages of this origin are loaded anew. Few browsers do.
    ExecutionContexts,
}

impl SiteData {
    fn directive(self) -> &'static str {
        match self {
            Self::Cache => "\"cache\"",
            Self::Cookies => "\"cookies\"",
            Self::Storage => "\"storage\"",
            Self::ExecutionContexts => "\"executionContexts\"",
        }
    }
}

/// The value of `Clear-Site-Data` for these kinds; none for no kind.
pub(super) fn clear_site_data(kinds: &[SiteData]) -> Option<String> {
    let directives: Vec<_> = kinds.iter().map(|kind| kind.directive()).collect();
    (!directives.is_empty()).then(|| directives.join(", "))
}
