//! Composites: which SLOs they are of, and what each weighs.

use rust_decimal::Decimal;

use crate::diag::{Code, Diagnostic, Sink, suggest};
use crate::model::{Component, ComponentSeries, Composite, CompositeMode, LabelName, Name, Sli};
use crate::parse::decl::ComponentDecl;
use crate::resolve::names::{Named, name};
use crate::resolve::percent::decimal;
use crate::source::Text;

/// Reads a composite; the SLOs that it is of are looked up once all are known.
pub(super) fn composite(
    mode: &Text,
    of: &[ComponentDecl],
    service: &Name,
    groups: &[LabelName],
    sink: &mut Sink,
) -> Option<Sli> {
    let before = sink.as_slice().len();
    let mode = composite_mode(mode, sink)?;
    weights_fit(mode, of, sink);
    let parts: Vec<Component> = of.iter().filter_map(|decl| component(decl, mode, service, sink)).collect();
    if let (Some(group), Some(first)) = (groups.first(), of.first()) {
        let message = format!("a composite has no groups, and `group_by` asks for those of `{group}`");
        let diagnostic = Diagnostic::new(Code::BadComposite, first.reference.span, message);
        sink.push(diagnostic.note("it reads the overall series of its components").help("leave out `group_by`"));
    }
    for (index, part) in parts.iter().enumerate() {
        if let Some(first) = parts[..index].iter().find(|other| other.path() == part.path()) {
            let message = format!("`{}` is there twice", part.reference.value);
            let diagnostic = Diagnostic::new(Code::BadComposite, part.reference.span, message);
            sink.push(diagnostic.secondary(first.reference.span, "the first time").help(
                if mode == CompositeMode::Weighted { "give it a greater weight instead" } else { "leave it out here" },
            ));
        }
    }
    (sink.as_slice().len() == before).then_some(Sli::Composite(Composite { mode, parts }))
}

fn composite_mode(text: &Text, sink: &mut Sink) -> Option<CompositeMode> {
    let word = text.value.as_str();
    let mode = CompositeMode::ALL.into_iter().find(|mode| mode.as_str() == word);
    if mode.is_some() {
        return mode;
    }
    let message = format!("expected `all`, `weighted` or `worst`, found `{word}`");
    let diagnostic = Diagnostic::new(Code::UnknownValue, text.span, message);
    let meant = match word {
        "any" | "and" | "product" | "serial" => Some("all"),
        "average" | "avg" | "mean" | "sum" => Some("weighted"),
        "max" | "min" | "worst_of" => Some("worst"),
        _ => suggest(word, CompositeMode::ALL.map(CompositeMode::as_str)),
    };
    sink.push(match meant {
        Some(meant) => diagnostic.replace(format!("did you mean `{meant}`?"), text.span, meant),
        None => diagnostic.note(
            "`all` is for steps that are all needed, `weighted` for parts of a whole, `worst` for the one that is worst",
        ),
    });
    None
}

/// Reports weights where there have to be some and are none, or the other way round.
fn weights_fit(mode: CompositeMode, of: &[ComponentDecl], sink: &mut Sink) {
    let names = |weight: &str| {
        let names: Vec<_> = of.iter().map(|decl| format!("{}{weight}", decl.reference.value)).collect();
        names.join(", ")
    };
    match mode {
        CompositeMode::Weighted => {
            let Some(first) = of.iter().find(|decl| decl.weight.is_none()) else { return };
            let diagnostic =
                Diagnostic::new(Code::BadComposite, first.reference.span, "a weighted composite without weights");
            sink.push(diagnostic.help(format!("write `of: {{{}}}`, with the weight that each one has", names(": 1"))));
        }
        CompositeMode::All | CompositeMode::Worst => {
            let Some(weight) = of.iter().find_map(|decl| decl.weight.as_ref()) else { return };
            let message = format!("weights have no effect on `{}`", mode.as_str());
            let diagnostic = Diagnostic::new(Code::InapplicableKey, weight.span, message);
            sink.push(diagnostic.help(format!("write `of: [{}]`, or `composite: weighted`", names(""))));
        }
    }
}

fn component(decl: &ComponentDecl, mode: CompositeMode, service: &Name, sink: &mut Sink) -> Option<Component> {
    let text = &decl.reference;
    let weight = match (&decl.weight, mode) {
        (Some(weight), CompositeMode::Weighted) => weight_of(weight, sink),
        // Reported for all components at once.
        (Some(_), CompositeMode::All | CompositeMode::Worst) | (None, CompositeMode::Weighted) => None,
        (None, CompositeMode::All | CompositeMode::Worst) => Some(Decimal::ONE),
    };
    let (of_service, slo) = match text.value.split_once('/') {
        Some((service, slo)) => (Some(part(text, service, 0)), part(text, slo, service.len() + 1)),
        None => (None, text.clone()),
    };
    let service = match &of_service {
        Some(service) => name(service, Named::Service, sink)?,
        None => service.clone(),
    };
    let slo = name(&slo, Named::Slo, sink)?;
    Some(Component {
        reference: text.clone(),
        service,
        name: slo,
        weight: weight?,
        recorded: ComponentSeries::default(),
    })
}

/// A part of a text that begins at a byte.
fn part(text: &Text, value: &str, start: usize) -> Text {
    let span = crate::resolve::part(text, start..start + value.len());
    Text { value: value.to_owned(), span, ..text.clone() }
}

fn weight_of(text: &Text, sink: &mut Sink) -> Option<Decimal> {
    let number = decimal(&text.value).filter(|number| *number > Decimal::ZERO);
    if number.is_none() {
        let message = format!("expected a weight above 0, found `{}`", text.value);
        let help = if decimal(&text.value).is_some_and(|number| number.is_zero()) {
            "leave the component out if it does not count"
        } else {
            "a component of weight 3 counts three times as much as one of weight 1"
        };
        sink.push(Diagnostic::new(Code::BadNumber, text.span, message).help(help));
    }
    number
}
