//! How fields look: defaults, overrides, thresholds, mappings.

use rust_decimal::Decimal;

use super::json::{Json, Layout};
use super::panel::{link, links};
use super::visual;
use crate::ir::dashboard::{
    Align, Cell, Color, DataLink, FieldMatcher, Fields, Mapping, MappingResult, Override, Panel, Property, Thresholds,
};

/// `fieldConfig`
pub(super) fn config(json: &mut Json, panel: &Panel) {
    json.object("fieldConfig", Layout::Block, |json| {
        json.object("defaults", Layout::Block, |json| {
            defaults(json, &panel.fields);
            visual::custom(json, &panel.visual);
        });
        json.list("overrides", Layout::Block, |json| {
            panel.overrides.iter().for_each(|each| field_override(json, each));
        });
    });
}

fn defaults(json: &mut Json, fields: &Fields) {
    json.string("unit", &fields.unit);
    if let Some(decimals) = fields.decimals {
        json.number("decimals", decimals);
    }
    for (key, end) in [("min", fields.min), ("max", fields.max)] {
        if let Some(end) = end {
            json.number(key, end.normalize());
        }
    }
    if let Some(text) = &fields.no_value {
        json.string("noValue", text);
    }
    json.object("color", Layout::Line, |json| color(json, &fields.color));
    json.object("thresholds", Layout::Line, |json| thresholds(json, &fields.thresholds));
    json.list("mappings", Layout::Block, |json| mappings(json, &fields.mappings));
    if !fields.links.is_empty() {
        links(json, &fields.links);
    }
}

fn color(json: &mut Json, color: &Color) {
    match color {
        Color::Thresholds => json.string("mode", "thresholds"),
        Color::Palette => json.string("mode", "palette-classic"),
        Color::Fixed(name) => {
            json.string("mode", "fixed");
            json.string("fixedColor", name);
        }
    }
}

fn thresholds(json: &mut Json, thresholds: &Thresholds) {
    json.string("mode", "absolute");
    json.list("steps", Layout::Block, |json| {
        threshold(json, &thresholds.base, None);
        thresholds.steps.iter().for_each(|step| threshold(json, &step.color, Some(step.from)));
    });
}

fn threshold(json: &mut Json, color: &str, from: Option<Decimal>) {
    json.item(Layout::Line, |json| {
        json.string("color", color);
        json.number_or_null("value", from.map(|from| from.normalize()));
    });
}

fn mappings(json: &mut Json, mappings: &[Mapping]) {
    let mut index = 0;
    for each in mappings {
        json.item(Layout::Block, |json| mapping(json, each, &mut index));
    }
}

fn mapping(json: &mut Json, mapping: &Mapping, index: &mut u32) {
    match mapping {
        Mapping::Values(values) => {
            json.string("type", "value");
            json.object("options", Layout::Block, |json| {
                for (value, shown) in values {
                    result(json, value, shown, index);
                }
            });
        }
        Mapping::Range { from, to, result: shown } => {
            json.string("type", "range");
            json.object("options", Layout::Block, |json| {
                json.number_or_null("from", from.map(|end| end.normalize()));
                json.number_or_null("to", to.map(|end| end.normalize()));
                result(json, "result", shown, index);
            });
        }
        Mapping::Missing(shown) => {
            json.string("type", "special");
            json.object("options", Layout::Block, |json| {
                json.string("match", "null+nan");
                result(json, "result", shown, index);
            });
        }
        Mapping::Regex { pattern, result: shown } => {
            json.string("type", "regex");
            json.object("options", Layout::Block, |json| {
                json.string("pattern", pattern);
                result(json, "result", shown, index);
            });
        }
    }
}

fn result(json: &mut Json, key: &str, result: &MappingResult, index: &mut u32) {
    json.object(key, Layout::Line, |json| {
        json.string("text", &result.text);
        if let Some(color) = &result.color {
            json.string("color", color);
        }
        json.number("index", *index);
    });
    *index += 1;
}

fn field_override(json: &mut Json, field: &Override) {
    json.item(Layout::Block, |json| {
        json.object("matcher", Layout::Line, |json| {
            let (id, options) = match &field.matcher {
                FieldMatcher::Name(name) => ("byName", name),
                FieldMatcher::Regex(pattern) => ("byRegexp", pattern),
                FieldMatcher::Query(target) => ("byFrameRefID", target),
            };
            json.string("id", id);
            json.string("options", options);
        });
        json.list("properties", Layout::Block, |json| field.properties.iter().for_each(|each| property(json, each)));
    });
}

fn property(json: &mut Json, property: &Property) {
    let simple = |json: &mut Json, id: &str, value: &dyn Fn(&mut Json)| {
        json.item(Layout::Line, |json| {
            json.string("id", id);
            value(json);
        });
    };
    let text = |json: &mut Json, id: &str, value: &str| simple(json, id, &|json| json.string("value", value));
    let number = |json: &mut Json, id: &str, value: Decimal| simple(json, id, &|json| json.number("value", value));
    match property {
        Property::Unit(unit) => text(json, "unit", unit),
        Property::Decimals(digits) => number(json, "decimals", (*digits).into()),
        Property::Min(end) => number(json, "min", end.normalize()),
        Property::Max(end) => number(json, "max", end.normalize()),
        Property::NoValue(shown) => text(json, "noValue", shown),
        Property::Color(from) => simple(json, "color", &|json| json.object("value", Layout::Line, |j| color(j, from))),
        Property::Thresholds(steps) => threshold_property(json, steps),
        Property::Mappings(words) => mappings_property(json, words),
        Property::Links(targets) => links_property(json, targets),
        Property::Width(pixels) => number(json, "custom.width", (*pixels).into()),
        Property::Align(side) => text(json, "custom.align", align(*side)),
        Property::Filterable => simple(json, "custom.filterable", &|json| json.truth("value", true)),
        Property::Cell(kind) => {
            simple(json, "custom.cellOptions", &|json| json.object("value", Layout::Line, |j| cell(j, *kind)));
        }
        Property::Dashed => simple(json, "custom.lineStyle", &|json| {
            json.object("value", Layout::Line, |json| {
                json.string("fill", "dash");
                json.list("dash", Layout::Line, |json| [10, 10].iter().for_each(|length| json.number_item(length)));
            });
        }),
        Property::LineWidth(pixels) => number(json, "custom.lineWidth", (*pixels).into()),
        Property::Fill(percent) => number(json, "custom.fillOpacity", (*percent).into()),
        Property::RightAxis => text(json, "custom.axisPlacement", "right"),
        Property::Mirrored => text(json, "custom.transform", "negative-Y"),
        Property::Unnamed => simple(json, "custom.hideFrom", &|json| {
            json.object("value", Layout::Line, |json| {
                json.truth("legend", true);
                json.truth("tooltip", false);
                json.truth("viz", false);
            });
        }),
    }
}

fn threshold_property(json: &mut Json, steps: &Thresholds) {
    json.item(Layout::Block, |json| {
        json.string("id", "thresholds");
        json.object("value", Layout::Line, |json| thresholds(json, steps));
    });
}

fn mappings_property(json: &mut Json, words: &[Mapping]) {
    json.item(Layout::Block, |json| {
        json.string("id", "mappings");
        json.list("value", Layout::Block, |json| mappings(json, words));
    });
}

fn links_property(json: &mut Json, targets: &[DataLink]) {
    json.item(Layout::Block, |json| {
        json.string("id", "links");
        json.list("value", Layout::Block, |json| targets.iter().for_each(|each| link(json, each)));
    });
}

fn align(side: Align) -> &'static str {
    match side {
        Align::Left => "left",
        Align::Center => "center",
        Align::Right => "right",
    }
}

fn cell(json: &mut Json, cell: Cell) {
    let kind = |json: &mut Json, name: &str| json.string("type", name);
    match cell {
        Cell::ColoredText => kind(json, "color-text"),
        Cell::ColoredBackground => {
            kind(json, "color-background");
            json.string("mode", "basic");
        }
        Cell::Gauge => {
            kind(json, "gauge");
            json.string("mode", "basic");
            json.string("valueDisplayMode", "color");
        }
        Cell::Sparkline => {
            kind(json, "sparkline");
            json.number("lineWidth", 2);
            json.number("fillOpacity", 10);
            json.truth("hideValue", true);
        }
    }
}
