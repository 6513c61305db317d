//! Catalogues of common exporters, which come with slosmith.

/// The exporters by the name that a project file gives them, sorted, with the text of their catalogue.
pub const EXPORTERS: [(&str, &str); 0] = [];

/// The text of an exporter's catalogue.
#[must_use]
pub fn exporter(name: &str) -> Option<&'static str> {
    EXPORTERS.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}
