//! Templates of links: `https://runbooks.example.com/{service}/{slo}#{severity}`.

/// A link with placeholders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkTemplate {
    parts: Vec<Part>,
}

/// A run of text, or a placeholder.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Placeholder(Placeholder),
}

/// What a link may be filled with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placeholder {
    /// The service's name.
    Service,
    /// The SLO's name.
    Slo,
    /// The alert's name.
    Alert,
    /// `page` or `ticket`.
    Severity,
}

/// Why a text is no link template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkError {
    /// No such placeholder, between these bytes (braces included).
    UnknownPlaceholder(usize, usize),
    /// An opening brace without its closing one, at this byte.
    Unclosed(usize),
}

/// The values of one link; an absent one becomes the empty string.
#[derive(Clone, Copy, Debug, Default)]
pub struct LinkValues<'a> {
    /// For `{service}`.
    pub service: &'a str,
    /// For `{slo}`.
    pub slo: &'a str,
    /// For `{alert}`.
    pub alert: &'a str,
    /// For `{severity}`.
    pub severity: &'a str,
}

impl Placeholder {
    /// The word between the braces.
    pub const NAMES: [(&'static str, Self); 4] =
        [("service", Self::Service), ("slo", Self::Slo), ("alert", Self::Alert), ("severity", Self::Severity)];
}

impl LinkTemplate {
    /// Reads a template.
    ///
    /// # Errors
    /// With the place in bytes.
    pub fn parse(text: &str) -> Result<Self, LinkError> {
        let mut parts = Vec::new();
        let mut at = 0;
        while let Some(open) = text[at..].find('{').map(|found| at + found) {
            let close = text[open..].find('}').map(|found| open + found).ok_or(LinkError::Unclosed(open))?;
            let word = &text[open + 1..close];
            let placeholder = Placeholder::NAMES.iter().find(|(name, _)| *name == word);
            let (_, placeholder) = placeholder.ok_or(LinkError::UnknownPlaceholder(open, close + 1))?;
            parts.push(Part::Text(text[at..open].to_owned()));
            parts.push(Part::Placeholder(*placeholder));
            at = close + 1;
        }
        parts.push(Part::Text(text[at..].to_owned()));
        Ok(Self { parts })
    }

    /// Whether the link differs by what the placeholder stands for.
    #[must_use]
    pub fn mentions(&self, placeholder: Placeholder) -> bool {
        self.parts.contains(&Part::Placeholder(placeholder))
    }

    /// The link with its placeholders filled.
    #[must_use]
    pub fn fill(&self, values: &LinkValues<'_>) -> String {
        let piece = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Placeholder(Placeholder::Service) => values.service.to_owned(),
            Part::Placeholder(Placeholder::Slo) => values.slo.to_owned(),
            Part::Placeholder(Placeholder::Alert) => values.alert.to_owned(),
            Part::Placeholder(Placeholder::Severity) => values.severity.to_owned(),
        };
        self.parts.iter().map(piece).collect()
    }

    /// The filled link without its fragment.
    #[must_use]
    pub fn fill_without_fragment(&self, values: &LinkValues<'_>) -> String {
        let filled = self.fill(values);
        filled.split('#').next().unwrap_or_default().to_owned()
    }
}
