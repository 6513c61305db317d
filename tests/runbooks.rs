//! Runbook pages: what is on them, that they are clean Markdown whatever users write, and that links lead somewhere.

mod markdown;

use std::path::Path;

use slosmith::diag::Diagnostic;
use slosmith::source::{SourceFile, SourceKind, Sources};
use slosmith::{Compiled, compile};

use crate::support::compile_project;

/// Every family of SLIs, grouped and not, and cause alerts.
const SHOP: &str = include_str!("runbooks/shop.yaml");

/// One SLO and one cause alert.
const SMALL: &str = include_str!("runbooks/small.yaml");

/// Compiles a spec with hand-written texts: path below `slos/runbooks/` and text.
fn compile_with(spec: &str, texts: &[(&str, &str)]) -> (Compiled, Sources) {
    let mut sources = Sources::default();
    let mut add = |path: String, kind, text: &str| {
        sources.add(SourceFile { path, kind, text: text.to_owned(), problem: None });
    };
    add("slos/shop.yaml".to_owned(), SourceKind::Spec, spec);
    for (path, text) in texts {
        add(format!("slos/runbooks/{path}"), SourceKind::RunbookText, text);
    }
    (compile(&sources), sources)
}

/// The pages of a spec that compiles without a problem: path below `runbooks/` and text.
fn pages(spec: &str, texts: &[(&str, &str)]) -> Vec<(String, String)> {
    let (compiled, _) = compile_with(spec, texts);
    assert!(compiled.diagnostics.is_empty(), "{:#?}", compiled.diagnostics);
    let pages = compiled.outputs.into_iter();
    let below = |path: &str| path.strip_prefix("runbooks/").map(str::to_owned);
    pages.filter_map(|output| below(&output.path).map(|path| (path, output.text))).collect()
}

fn page(spec: &str, texts: &[(&str, &str)], path: &str) -> String {
    pages(spec, texts).into_iter().find(|(found, _)| found == path).unwrap().1
}

/// The text of a section, up to the next one.
fn section<'a>(page: &'a str, heading: &str) -> &'a str {
    let start = page.find(&format!("\n## {heading}\n")).unwrap_or_else(|| panic!("no `{heading}` in\n{page}"));
    let body = &page[start + heading.len() + 5..];
    body.find("\n## ").map_or(body, |end| &body[..end]).trim()
}

/// The problems as `slug at the text in question: message`.
fn problems(spec: &str, texts: &[(&str, &str)]) -> Vec<String> {
    let (compiled, sources) = compile_with(spec, texts);
    let line = |problem: &Diagnostic| {
        let text = sources.slice(problem.primary.span);
        let helps: Vec<_> = problem.helps.iter().map(|help| help.message.as_str()).collect();
        format!("{} at `{text}`: {}; {}", problem.code.slug(), problem.message, helps.join("; "))
    };
    compiled.diagnostics.iter().map(line).collect()
}

#[test]
fn pages_of_every_family() {
    for (path, text) in pages(SHOP, &[]) {
        if path.starts_with("alerts/SLORule") {
            continue;
        }
        let name = path.replace('/', "-");
        insta::with_settings!({ snapshot_path => "runbooks/pages", prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(name, text);
        });
    }
}

#[test]
fn pages_of_alerts_that_come_with_slosmith_are_complete() {
    let (_, compiled) = compile_project(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/minimal"));
    let pages = compiled.outputs.iter().filter(|output| output.path.starts_with("runbooks/alerts/SLORule"));
    let mut found = 0;
    for (path, text) in pages.map(|output| (&output.path, &output.text)) {
        assert_eq!(text.matches("Not written yet").count(), 0, "{path}:\n{text}");
        assert!(!text.contains("slosmith's own"), "{path}:\n{text}");
        assert!(section(text, "Mitigation").contains("reload Prometheus"), "{path}:\n{text}");
        found += 1;
    }
    assert_eq!(found, 3);
}

#[test]
fn pages_are_clean_markdown() {
    for (path, text) in pages(SHOP, &[]) {
        assert_eq!(markdown::problems(&text), Vec::<String>::new(), "{path}:\n{text}");
    }
}

#[test]
fn every_page_has_an_anchor_for_each_severity_and_alert() {
    for (path, text) in pages(SHOP, &[]).into_iter().filter(|(path, _)| path.contains('/')) {
        for anchor in ["page", "ticket"] {
            assert!(text.contains(&format!("<a id=\"{anchor}\"></a>")), "{path} lacks {anchor}");
        }
    }
    let batch = page(SHOP, &[], "storefront/batch.md");
    assert_eq!(batch.matches("<a id=\"BatchFails\"></a>").count(), 1, "one anchor for a name of both severities");
    let lag = page(SHOP, &[], "storefront/queue-lag.md");
    assert!(section(&lag, "If it pages").contains("No alert of this SLO pages."));
}

#[test]
fn text_of_users_stays_text() {
    let hostile = [
        "a | b || c",
        "`code` and `` two",
        "``` three",
        "</a><a id=\"page\"></a><!-- x",
        "one\n\n# two\n\n- three",
        "# x",
        "{{ $value }} {% raw %}",
        "> q",
        "*a* _b_ [c](d) ![e](f)",
        "---",
        "1. one",
        "\\",
        "ends with \\",
        "| a |\n|--|",
        "&lt;script&gt; <script>alert(1)</script>",
        "tab\there\u{7}",
    ];
    let plain = spec_with("plain");
    for text in hostile {
        let spec = spec_with(text);
        for ((path, clean), (_, found)) in pages(&plain, &[]).into_iter().zip(pages(&spec, &[])) {
            assert_eq!(markdown::problems(&found), Vec::<String>::new(), "{text:?} in {path}:\n{found}");
            assert_eq!(markdown::skeleton(&found), markdown::skeleton(&clean), "{text:?} in {path}:\n{found}");
            let html: String = found.lines().map(markdown::html).collect();
            assert!(!html.contains("<script") && !html.contains("<!--"), "{path}:\n{found}");
        }
    }
}

/// A spec with a text wherever users may write what they like.
fn spec_with(text: &str) -> String {
    let quoted = serde_json::to_string(text).unwrap();
    include_str!("runbooks/hostile.yaml").replace("TEXT", &quoted)
}

#[test]
fn words_of_people_replace_stubs() {
    let own = "# A title\n\nThis one is special.\n\n## first steps\n\n1. Look.\n\n```sh\n## not a heading\n```\n\n## Money\n\nCount it.\n";
    let topic =
        "Never seen.\n\n## First steps\n\nOf the topic.\n\n## Mitigation\n\nRoll back.\n\n## Queries\n\nAnd `up`.\n";
    let texts = [("shop/availability.md", own), ("topics/errors.md", topic)];
    let page = page(SMALL, &texts, "shop/availability.md");
    assert_eq!(markdown::problems(&page), Vec::<String>::new(), "{page}");
    assert!(page.contains("\n## First steps\n\n1. Look.\n\n```sh\n## not a heading\n```\n\n## Queries\n"), "{page}");
    assert_eq!(section(&page, "Mitigation"), "Roll back.");
    assert_eq!(section(&page, "Money"), "Count it.");
    assert!(section(&page, "Queries").ends_with("And `up`."));
    assert!(section(&page, "Diagnosis").starts_with("*Not written yet"));
    assert!(page.contains("This one is special.") && !page.contains("Never seen.") && !page.contains("A title"));
    let sources = "`slos/runbooks/shop/availability.md`, then `slos/runbooks/topics/errors.md`.";
    assert!(section(&page, "About this page").ends_with(sources));
}

#[test]
fn steps_of_an_alert_come_before_texts() {
    let texts =
        [("topics/errors.md", "## First steps\n\n1. Breathe.\n"), ("alerts/ShopDown.md", "## Alerts\n\nMore.\n")];
    let page = page(SMALL, &texts, "alerts/ShopDown.md");
    assert_eq!(markdown::problems(&page), Vec::<String>::new(), "{page}");
    assert_eq!(
        section(&page, "First steps"),
        "1. Look at `docker compose ps`.\n2. Restart it.\n\nThen:\n\n1. Breathe."
    );
    assert_eq!(section(&page, "Alerts"), "More.");
}

#[test]
fn faults_in_texts_have_a_place() {
    let errors = ("topics/errors.md", "## Diagnosis\n\nx\n");
    let cases: &[(&[(&str, &str)], &str)] = &[
        (&[], "unknown-runbook-topic at `errors`: there is no runbook topic `errors`"),
        (&[("topics/error.md", "## Diagnosis\n\nx\n")], "did you mean `error`?"),
        (&[errors, ("shop/availabilty.md", "x")], "did you mean `slos/runbooks/shop/availability.md`?"),
        (&[errors, ("alerts/ShopDwon.md", "x")], "did you mean `slos/runbooks/alerts/ShopDown.md`?"),
        (&[errors, ("topics/unused.md", "x")], "the topic `unused` is on no page"),
        (&[errors, ("shop.md", "x")], "unused-runbook-text at ``: `slos/runbooks/shop.md` belongs to no page"),
        (&[errors, ("shop/availability.md", "## A\n\nx\n\n## A\n\ny\n")], "duplicate-heading at `A`"),
        (&[errors, ("shop/availability.md", "## A\n")], "empty-section at `A`"),
        (&[errors, ("shop/availability.md", "## A\n\n```\n")], "unclosed-runbook-block at ```"),
        (&[errors, ("shop/availability.md", "[x](../alerts/ShopDwon.md)")], "did you mean `../alerts/ShopDown.md`?"),
        (&[errors, ("shop/availability.md", "[x](#tickets)")], "did you mean `#ticket`?"),
        (&[errors, ("shop/availability.md", "[x](../../etc)")], "the link `../../etc` leads out of the runbooks"),
        (&[errors, ("shop/availability.md", "[x](/x)")], "the link `/x` is no address of the web"),
        (&[errors, ("shop/availability.md", "[x](//h/x)")], "the link `//h/x` is no address of the web"),
        (&[errors, ("shop/availability.md", "[x](javascript:a)")], "the link `javascript:a` is no address of the web"),
    ];
    for (texts, expected) in cases {
        let found = problems(SMALL, texts);
        assert!(found.iter().any(|problem| problem.contains(expected)), "{expected}: {found:#?}");
    }
}

#[test]
fn good_links_are_no_problem() {
    let links = "[a](../alerts/ShopDown.md#ticket) [b](#SLONoData) [c](https://x.example) [d](../README.md#service-shop) \
                 [e](#local) [f](mailto:ops@x.example) [g](#first-steps)\n\n## Diagnosis\n\n### Local\n\nx\n";
    let texts = [("shop/availability.md", links), ("topics/errors.md", "## Escalation\n\nx\n"), ("README.md", "x")];
    assert_eq!(problems(SMALL, &texts), Vec::<String>::new());
}
