//! Names of services, SLOs and labels.

use std::fmt;
use std::sync::Arc;

/// A name of a service or SLO: lower-case letters, digits, `-` and `_`, first a letter or digit, at most 63 bytes.
///
/// It becomes a file name, part of a dashboard uid and a label value. Names from Sloth may hold more.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(Arc<str>);

/// Why a text is no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameError {
    /// Nothing there.
    Empty,
    /// More bytes than allowed.
    TooLong,
    /// A character that names may not have, at this byte.
    BadCharacter(usize),
    /// A character that names may not begin with.
    BadStart,
}

/// The most bytes of a [`Name`].
const MAX_BYTES: usize = 63;

impl Name {
    /// Reads a name.
    ///
    /// # Errors
    /// With the reason.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        if text.is_empty() {
            return Err(NameError::Empty);
        }
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
        if let Some((at, _)) = text.char_indices().find(|(_, c)| !allowed(*c)) {
            return Err(NameError::BadCharacter(at));
        }
        if text.starts_with(['-', '_']) {
            return Err(NameError::BadStart);
        }
        if text.len() > MAX_BYTES {
            return Err(NameError::TooLong);
        }
        Ok(Self(text.into()))
    }

    /// Reads a name as Sloth has them: upper-case letters and `.` too, and letters or digits at both ends.
    ///
    /// # Errors
    /// With the reason.
    pub fn parse_for_sloth(text: &str) -> Result<Self, NameError> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if let Some((at, _)) = text.char_indices().find(|(_, c)| !allowed(*c)) {
            return Err(NameError::BadCharacter(at));
        }
        if text.is_empty() {
            return Err(NameError::Empty);
        }
        if !text.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            return Err(NameError::BadStart);
        }
        if let Some(at) = text.len().checked_sub(1).filter(|at| !text.as_bytes()[*at].is_ascii_alphanumeric()) {
            return Err(NameError::BadCharacter(at));
        }
        if text.len() > MAX_BYTES {
            return Err(NameError::TooLong);
        }
        Ok(Self(text.into()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A Prometheus label name of the classic character set: `[a-zA-Z_][a-zA-Z0-9_]*`, not starting with `__`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LabelName(Arc<str>);

impl LabelName {
    /// Reads a label name.
    ///
    /// # Errors
    /// With the reason.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        if text.is_empty() {
            return Err(NameError::Empty);
        }
        if let Some((at, _)) = text.char_indices().find(|(_, c)| !(c.is_ascii_alphanumeric() || *c == '_')) {
            return Err(NameError::BadCharacter(at));
        }
        if text.starts_with("__") || text.starts_with(|c: char| c.is_ascii_digit()) {
            return Err(NameError::BadStart);
        }
        Ok(Self(text.into()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for LabelName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
