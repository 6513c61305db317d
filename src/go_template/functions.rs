//! The functions of templates: Go's own and those of Prometheus.

/// A function and how many arguments it takes.
pub(super) struct Function {
    pub(super) name: &'static str,
    pub(super) least: usize,
    /// `None`: any number.
    pub(super) most: Option<usize>,
}

const fn exactly(name: &'static str, count: usize) -> Function {
    Function { name, least: count, most: Some(count) }
}

const fn at_least(name: &'static str, least: usize) -> Function {
    Function { name, least, most: None }
}

/// All functions. Source: text/template of Go 1.25 and template/template.go of Prometheus 3.8.
pub(super) const FUNCTIONS: &[Function] = &[
    at_least("and", 1),
    at_least("call", 1),
    at_least("eq", 2),
    exactly("ge", 2),
    exactly("gt", 2),
    at_least("html", 0),
    at_least("index", 1),
    at_least("js", 0),
    exactly("le", 2),
    exactly("len", 1),
    exactly("lt", 2),
    exactly("ne", 2),
    exactly("not", 1),
    at_least("or", 1),
    at_least("print", 0),
    at_least("printf", 1),
    at_least("println", 0),
    Function { name: "slice", least: 1, most: Some(4) },
    at_least("urlquery", 0),
    at_least("args", 0),
    exactly("externalURL", 0),
    exactly("first", 1),
    exactly("graphLink", 1),
    exactly("humanize", 1),
    exactly("humanize1024", 1),
    exactly("humanizeDuration", 1),
    exactly("humanizePercentage", 1),
    exactly("humanizeTimestamp", 1),
    exactly("label", 2),
    exactly("match", 2),
    exactly("now", 0),
    exactly("parseDuration", 1),
    exactly("pathPrefix", 0),
    exactly("query", 1),
    exactly("reReplaceAll", 3),
    exactly("safeHtml", 1),
    exactly("sortByLabel", 2),
    exactly("stripDomain", 1),
    exactly("stripPort", 1),
    exactly("strvalue", 1),
    exactly("tableLink", 1),
    exactly("title", 1),
    exactly("toDuration", 1),
    exactly("toLower", 1),
    exactly("toTime", 1),
    exactly("toUpper", 1),
    exactly("urlQueryEscape", 1),
    exactly("value", 1),
];

/// The function of a name.
pub(super) fn function(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name == name)
}

/// The function of Prometheus that does what one of another template language does.
pub(super) fn instead_of(name: &str) -> Option<&'static str> {
    let found = match name {
        "upper" => "toUpper",
        "lower" => "toLower",
        "regexReplaceAll" => "reReplaceAll",
        "regexMatch" => "match",
        "humanizeBytes" | "humanizeSize" => "humanize1024",
        "safeUrl" | "queryEscape" => "urlQueryEscape",
        _ => return None,
    };
    Some(found)
}

/// Whose function it is, if it is not Prometheus's.
pub(super) fn owner(name: &str) -> Option<&'static str> {
    let found = match name {
        "default" | "quote" | "squote" | "trim" | "replace" | "add" | "sub" | "mul" | "div" | "mod" | "round"
        | "floor" | "ceil" | "int" | "float64" | "toString" | "ternary" | "coalesce" | "include" | "required"
        | "toYaml" | "toJson" | "indent" | "nindent" | "contains" | "hasPrefix" | "hasSuffix" | "list" | "dict" => {
            "Helm"
        }
        "join" | "stringSlice" | "trimSpace" | "tz" | "since" | "date" => "Alertmanager",
        "tmpl" => "Prometheus's consoles",
        _ => return None,
    };
    Some(found)
}
