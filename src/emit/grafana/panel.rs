//! Panels: their place, queries and transformations.

use super::field;
use super::json::{Json, Layout};
use super::{Carried, Opens, datasource, link_options, visual};
use crate::ir::dashboard::{Answer, DataLink, Grid, Order, Panel, Sort, Target, Transformation, Visual};
use crate::promql::print;

/// A panel as an item of a list.
pub(super) fn panel(json: &mut Json, panel: &Panel) {
    json.item(Layout::Block, |json| {
        json.number("id", panel.id);
        json.string("type", visual::type_name(&panel.visual));
        json.string("title", &panel.title);
        json.string("description", &panel.description);
        grid(json, panel.grid);
        if let Some(variable) = &panel.repeat {
            json.string("repeat", variable);
            json.string("repeatDirection", "h");
        }
        if !panel.links.is_empty() {
            json.list("links", Layout::Block, |json| panel.links.iter().for_each(|each| corner_link(json, each)));
        }
        if !matches!(panel.visual, Visual::Text(_)) {
            datasource(json);
            json.list("targets", Layout::Block, |json| panel.targets.iter().for_each(|each| target(json, each)));
            field::config(json, panel);
        }
        json.object("options", Layout::Block, |json| visual::options(json, &panel.visual));
        if !panel.transformations.is_empty() {
            json.list("transformations", Layout::Block, |json| {
                panel.transformations.iter().for_each(|each| transformation(json, each));
            });
        }
    });
}

/// A place on the grid.
pub(super) fn grid(json: &mut Json, grid: Grid) {
    json.object("gridPos", Layout::Line, |json| {
        json.number("x", grid.x);
        json.number("y", grid.y);
        json.number("w", grid.width);
        json.number("h", grid.height);
    });
}

/// A link in the corner of a panel, which has the form of a board's.
fn corner_link(json: &mut Json, link: &DataLink) {
    json.item(Layout::Line, |json| {
        json.string("title", &link.title);
        json.string("type", "link");
        json.string("icon", "external link");
        json.string("url", &link.url);
        let opens = if link.dashboard_uid().is_some() { Opens::Here } else { Opens::NewTab };
        link_options(json, &Carried::NOTHING, opens, &[]);
    });
}

/// Links of a field; those within Grafana stay in their tab.
pub(super) fn links(json: &mut Json, links: &[DataLink]) {
    json.list("links", Layout::Block, |json| links.iter().for_each(|each| link(json, each)));
}

/// A link as an item of a list.
pub(super) fn link(json: &mut Json, link: &DataLink) {
    json.item(Layout::Line, |json| {
        json.string("title", &link.title);
        json.string("url", &link.url);
        json.truth("targetBlank", link.dashboard_uid().is_none());
    });
}

fn target(json: &mut Json, target: &Target) {
    json.item(Layout::Block, |json| {
        json.string("refId", &target.name);
        datasource(json);
        json.string("expr", &print(&target.expr));
        json.string("legendFormat", target.legend.as_deref().unwrap_or("__auto"));
        match target.answer {
            Answer::InstantTable => json.string("format", "table"),
            Answer::Buckets => json.string("format", "heatmap"),
            Answer::Instant | Answer::Range => {}
        }
        let is_range = matches!(target.answer, Answer::Range | Answer::Buckets);
        if !is_range {
            json.truth("instant", true);
        }
        json.truth("range", is_range);
        if let Some(step) = &target.step {
            json.string("interval", step);
        }
    });
}

fn transformation(json: &mut Json, transformation: &Transformation) {
    match transformation {
        Transformation::Sparklines { target } => options(json, "timeSeriesTable", |json| {
            json.object(target, Layout::Line, |json| {
                json.string("stat", "lastNotNull");
                json.string("timeField", "Time");
            });
        }),
        Transformation::Merge => options(json, "merge", |_| {}),
        Transformation::Organize { exclude, columns } => options(json, "organize", |json| {
            json.object("excludeByName", Layout::Line, |json| exclude.iter().for_each(|name| json.truth(name, true)));
            json.object("indexByName", Layout::Line, |json| {
                (0_u32..).zip(columns).for_each(|(index, (name, _))| json.number(name, index));
            });
            json.object("renameByName", Layout::Line, |json| {
                for (name, shown) in columns {
                    json.string(name, shown);
                }
            });
        }),
        Transformation::Limit(rows) => options(json, "limit", |json| json.number("limitField", rows)),
        Transformation::SortBy(sort) => options(json, "sortBy", |json| {
            json.list("sort", Layout::Line, |json| json.item(Layout::Line, |json| sort_order(json, "field", sort)));
        }),
    }
}

fn options(json: &mut Json, id: &str, members: impl FnOnce(&mut Json)) {
    json.item(Layout::Block, |json| {
        json.string("id", id);
        json.object("options", Layout::Block, members);
    });
}

/// A field under a key, and the direction.
pub(super) fn sort_order(json: &mut Json, key: &str, sort: &Sort) {
    json.string(key, &sort.field);
    json.truth("desc", sort.order == Order::Descending);
}
