//! Versions of Prometheus, and which features they have.

use std::fmt;

/// A version of Prometheus; patch releases change nothing about PromQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// The major version.
    pub major: u16,
    /// The minor version.
    pub minor: u16,
}

impl Version {
    /// The newest version that is known here.
    pub const LATEST: Self = Self::new(3, 16);
    /// The oldest version whose language is told apart; older ones count as this one.
    pub const OLDEST: Self = Self::new(2, 42);

    /// Whichever version: it has what any of them has.
    pub const ANY: Self = Self::new(u16::MAX, u16::MAX);

    /// A version.
    #[must_use]
    pub const fn new(major: u16, minor: u16) -> Self {
        Self { major, minor }
    }
}

impl Default for Version {
    fn default() -> Self {
        Self::LATEST
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.major, self.minor)
    }
}

impl std::str::FromStr for Version {
    type Err = String;

    /// Reads `3.5`, `v3.5.0`, `2.42`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = text.strip_prefix('v').unwrap_or(text).splitn(3, '.');
        let mut part = || parts.next().and_then(|part| part.parse().ok());
        match (part(), part()) {
            (Some(major), Some(minor)) => Ok(Self::new(major, minor)),
            _ => Err(format!("expected a version such as `3.5`, found `{text}`")),
        }
    }
}

/// A value of `--enable-feature` that PromQL depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flag {
    /// `promql-experimental-functions`
    ExperimentalFunctions,
    /// `promql-duration-expr`
    DurationExpressions,
    /// `promql-extended-range-selectors`
    ExtendedRangeSelectors,
    /// `promql-binop-fill-modifiers`
    FillModifiers,
}

impl Flag {
    /// All of them.
    pub const ALL: [Self; 4] =
        [Self::ExperimentalFunctions, Self::DurationExpressions, Self::ExtendedRangeSelectors, Self::FillModifiers];

    /// The flag as it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ExperimentalFunctions => "promql-experimental-functions",
            Self::DurationExpressions => "promql-duration-expr",
            Self::ExtendedRangeSelectors => "promql-extended-range-selectors",
            Self::FillModifiers => "promql-binop-fill-modifiers",
        }
    }
}

/// Since when there is something, and how long it is behind a flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Availability {
    /// The first version that has it.
    pub since: Version,
    /// The flag it is behind, and the first version that needs none.
    pub flag: Option<(Flag, Option<Version>)>,
}

impl Availability {
    /// Always there.
    pub(crate) const ALWAYS: Self = Self::since(2, 0);

    /// There since a version, without a flag.
    pub(crate) const fn since(major: u16, minor: u16) -> Self {
        Self { since: Version::new(major, minor), flag: None }
    }

    /// There since a version, behind a flag to this day.
    pub(crate) const fn behind(flag: Flag, major: u16, minor: u16) -> Self {
        Self { since: Version::new(major, minor), flag: Some((flag, None)) }
    }

    /// The same, free of the flag since a version.
    pub(crate) const fn stable(self, major: u16, minor: u16) -> Self {
        let flag = match self.flag {
            Some((flag, _)) => Some((flag, Some(Version::new(major, minor)))),
            None => None,
        };
        Self { since: self.since, flag }
    }

    /// Why it is not there, for a version with these flags.
    pub(crate) fn lacks(self, version: Version, enabled: &[Flag]) -> Option<Lack> {
        let version = version.max(Version::OLDEST);
        if version < self.since && self.since > Version::OLDEST {
            return Some(Lack::Version(self.since));
        }
        let (flag, stable) = self.flag?;
        let free = stable.is_some_and(|stable| version >= stable);
        (!free && !enabled.contains(&flag)).then_some(Lack::Flag(flag, stable))
    }
}

/// Why something is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lack {
    /// It came with this version.
    Version(Version),
    /// It is behind this flag, until that version.
    Flag(Flag, Option<Version>),
}
