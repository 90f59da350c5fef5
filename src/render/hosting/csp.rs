//! The Content-Security-Policy (W3C, Level 3) of the theme's pages and of what a site adds.

use crate::config::{ContentPolicy, PolicyMode};

/// Digests of the scripts in the theme's pages: the chosen colours before the page is drawn, the button of an
/// announcement, the buttons that copy addresses of feeds. Their texts are the same on each page of each site.
const INLINE: [&str; 3] = [
    "'sha256-qQYCKtmVNuPskzd2K5kPObj3KXI1Ve+VysK3NJMmMok='",
    "'sha256-CajFOclAS306Zexc1tACFEid7BapAOqDVDlJbCSCn8w='",
    "'sha256-Akw3i0j7hYTTgyv+jK5hBWHOcCH9mi/wZr2gHr846l4='",
];

/// The usual sources of each directive. Styles may be in elements, as the alignment of cells is; pictures and recordings
/// may come from other sites, since they run nothing.
const USUAL: [(&str, &str); 12] = [
    ("default-src", "'self'"),
    ("script-src", "'self'"),
    ("style-src", "'self' 'unsafe-inline'"),
    ("img-src", "'self' data: https:"),
    ("media-src", "'self' https:"),
    ("font-src", "'self' data:"),
    ("connect-src", "'self'"),
    ("frame-src", "'self'"),
    ("object-src", "'none'"),
    ("base-uri", "'self'"),
    ("form-action", "'self'"),
    ("frame-ancestors", "'self'"),
];

/// The name and the value of the header field; `None` if no policy is sent.
pub(super) fn field(policy: &ContentPolicy) -> Option<(&'static str, String)> {
    let name = match policy.mode {
        PolicyMode::Off => return None,
        PolicyMode::ReportOnly => "Content-Security-Policy-Report-Only",
        PolicyMode::On => "Content-Security-Policy",
    };
    let mut directives: Vec<String> = Vec::new();
    for (directive, usual) in USUAL {
        let added = policy.sources.iter().filter(|(own, _)| *own == directive).flat_map(|(_, all)| all);
        let added: Vec<&str> = added.map(String::as_str).collect();
        // Browsers ignore `'unsafe-inline'` beside digests, and other sources beside `'none'`.
        let is_alone = added.contains(&"'none'");
        let with_digests = directive == "script-src" && !is_alone && !added.contains(&"'unsafe-inline'");
        let mut sources = if is_alone { Vec::new() } else { vec![usual] };
        sources.extend(INLINE.iter().filter(|_| with_digests));
        sources.extend(added);
        directives.push(format!("{directive} {}", sources.join(" ")));
    }
    directives.extend(policy.report_uri.iter().map(|address| format!("report-uri {address}")));
    Some((name, directives.join("; ")))
}
