//! How panels are drawn: options and custom field settings; what equals Grafana's default is left out.

use super::json::{Json, Layout};
use super::panel::sort_order;
use crate::ir::dashboard::{
    Calculation, Draw, Gradient, Heatmap, Legend, LegendMode, Order, Placement, Points, Scale, Stacking, Stat,
    StatColor, StatLayout, Table, ThresholdStyle, TimeSeries, Visual,
};

/// Grafana's name of a kind of panel.
pub(super) fn type_name(visual: &Visual) -> &'static str {
    match visual {
        Visual::Stat(_) => "stat",
        Visual::Gauge => "gauge",
        Visual::TimeSeries(_) => "timeseries",
        Visual::BarGauge => "bargauge",
        Visual::Table(_) => "table",
        Visual::StateTimeline => "state-timeline",
        Visual::Heatmap(_) => "heatmap",
        Visual::Text(_) => "text",
    }
}

/// The members of `options`.
pub(super) fn options(json: &mut Json, visual: &Visual) {
    match visual {
        Visual::Stat(stat) => stat_options(json, *stat),
        Visual::Gauge => {
            reduce_options(json);
            json.truth("showThresholdLabels", false);
            json.truth("showThresholdMarkers", true);
        }
        Visual::TimeSeries(graph) => graph_options(json, graph),
        Visual::BarGauge => bar_gauge_options(json),
        Visual::Table(table) => table_options(json, table),
        Visual::StateTimeline => state_timeline_options(json),
        Visual::Heatmap(heatmap) => heatmap_options(json, heatmap),
        Visual::Text(markdown) => {
            json.string("mode", "markdown");
            json.string("content", markdown);
        }
    }
}

/// The member `custom` of a panel's field defaults, where there is one.
pub(super) fn custom(json: &mut Json, visual: &Visual) {
    match visual {
        Visual::TimeSeries(graph) => json.object("custom", Layout::Block, |json| graph_custom(json, graph)),
        Visual::StateTimeline => json.object("custom", Layout::Line, |json| {
            json.number("lineWidth", 0);
            json.number("fillOpacity", 80);
        }),
        Visual::Stat(_)
        | Visual::Gauge
        | Visual::BarGauge
        | Visual::Table(_)
        | Visual::Heatmap(_)
        | Visual::Text(_) => {}
    }
}

/// Buckets as they come, which every exporter of classic histograms has; empty cells stay empty.
fn heatmap_options(json: &mut Json, heatmap: &Heatmap) {
    json.truth("calculate", false);
    json.number("cellGap", 1);
    json.object("color", Layout::Line, |json| {
        json.string("mode", "scheme");
        json.string("scheme", "Oranges");
        json.string("scale", "exponential");
        json.number("exponent", "0.5");
        json.string("fill", "dark-orange");
        json.number("steps", 64);
        json.truth("reverse", false);
    });
    json.object("exemplars", Layout::Line, |json| json.string("color", "rgba(255,0,255,0.7)"));
    json.object("filterValues", Layout::Line, |json| json.number("le", "1e-9"));
    json.object("legend", Layout::Line, |json| json.truth("show", true));
    json.object("rowsFrame", Layout::Line, |json| json.string("layout", "auto"));
    json.string("showValue", "never");
    json.object("tooltip", Layout::Line, |json| {
        json.string("mode", "single");
        json.truth("yHistogram", true);
        json.truth("showColorScale", false);
    });
    json.object("yAxis", Layout::Line, |json| {
        json.string("axisPlacement", "left");
        json.truth("reverse", false);
        json.string("unit", &heatmap.unit);
    });
}

/// One number for each series: its last.
fn reduce_options(json: &mut Json) {
    json.object("reduceOptions", Layout::Line, |json| {
        json.strings("calcs", ["lastNotNull"]);
        json.string("fields", "");
        json.truth("values", false);
    });
}

fn stat_options(json: &mut Json, stat: Stat) {
    reduce_options(json);
    json.string(
        "colorMode",
        match stat.color {
            StatColor::Value => "value",
            StatColor::Background => "background",
        },
    );
    // Behind a number of a fixed size, Grafana's course of it begins above the number's foot.
    json.string("graphMode", "none");
    let (orientation, text) = match stat.layout {
        StatLayout::Auto => ("auto", "auto"),
        StatLayout::Stacked => ("horizontal", "value_and_name"),
        StatLayout::Beside => ("vertical", "value_and_name"),
    };
    json.string("orientation", orientation);
    json.string("textMode", text);
    match stat.layout {
        StatLayout::Auto => {}
        StatLayout::Stacked => named_sizes(json, 22),
        StatLayout::Beside => named_sizes(json, 28),
    }
}

/// Names above numbers, all of one size: by itself Grafana sizes each by its own room, and cuts off what stands beside a name.
fn named_sizes(json: &mut Json, value: u32) {
    json.truth("wideLayout", false);
    text_sizes(json, 14, value);
}

/// The sizes of names and numbers, in pixels.
fn text_sizes(json: &mut Json, title: u32, value: u32) {
    json.object("text", Layout::Line, |json| {
        json.number("titleSize", title);
        json.number("valueSize", value);
    });
}

fn bar_gauge_options(json: &mut Json) {
    reduce_options(json);
    json.string("displayMode", "basic");
    json.string("orientation", "horizontal");
    json.string("valueMode", "color");
    json.string("namePlacement", "left");
    json.truth("showUnfilled", true);
    text_sizes(json, 12, 16);
}

fn table_options(json: &mut Json, table: &Table) {
    json.truth("showHeader", true);
    json.string("cellHeight", "sm");
    if let Some(sort) = &table.sort {
        json.list("sortBy", Layout::Line, |json| {
            json.item(Layout::Line, |json| sort_order(json, "displayName", sort));
        });
    }
}

fn state_timeline_options(json: &mut Json) {
    json.truth("mergeValues", true);
    json.string("showValue", "never");
    json.string("alignValue", "left");
    json.number("rowHeight", "0.8");
    json.object("legend", Layout::Line, |json| {
        json.string("displayMode", "list");
        json.string("placement", "bottom");
        json.truth("showLegend", true);
        json.strings("calcs", []);
    });
    tooltip(json, "single", "none");
}

fn tooltip(json: &mut Json, mode: &str, sort: &str) {
    json.object("tooltip", Layout::Line, |json| {
        json.string("mode", mode);
        json.string("sort", sort);
    });
}

fn graph_options(json: &mut Json, graph: &TimeSeries) {
    json.object("legend", Layout::Line, |json| legend(json, &graph.legend));
    tooltip(json, "multi", "desc");
}

fn legend(json: &mut Json, legend: &Legend) {
    json.string(
        "displayMode",
        match legend.mode {
            LegendMode::List | LegendMode::Hidden => "list",
            LegendMode::Table => "table",
        },
    );
    json.string(
        "placement",
        match legend.placement {
            Placement::Bottom => "bottom",
            Placement::Right => "right",
        },
    );
    json.truth("showLegend", legend.mode != LegendMode::Hidden);
    json.strings("calcs", legend.calculations.iter().map(|calculation| calculation_id(*calculation)));
    if let Some(sort) = &legend.sort {
        json.string("sortBy", &sort.field);
        json.truth("sortDesc", sort.order == Order::Descending);
    }
}

fn calculation_id(calculation: Calculation) -> &'static str {
    match calculation {
        Calculation::Min => "min",
        Calculation::Mean => "mean",
        Calculation::Max => "max",
        Calculation::Last => "lastNotNull",
    }
}

fn graph_custom(json: &mut Json, graph: &TimeSeries) {
    if graph.draw == Draw::Bars {
        json.string("drawStyle", "bars");
    }
    json.number("lineWidth", graph.line_width);
    json.number("fillOpacity", graph.fill);
    match graph.gradient {
        Gradient::None => {}
        Gradient::Opacity => json.string("gradientMode", "opacity"),
        Gradient::Scheme => json.string("gradientMode", "scheme"),
    }
    json.string(
        "showPoints",
        match graph.points {
            Points::Auto => "auto",
            Points::Never => "never",
        },
    );
    match graph.scale {
        Scale::Linear => {}
        Scale::Symlog { linear_threshold } => json.object("scaleDistribution", Layout::Line, |json| {
            json.string("type", "symlog");
            json.number("log", 10);
            json.number("linearThreshold", linear_threshold.normalize());
        }),
        Scale::Log => json.object("scaleDistribution", Layout::Line, |json| {
            json.string("type", "log");
            json.number("log", 10);
        }),
    }
    match graph.stacking {
        Stacking::None => {}
        Stacking::Normal => stacking(json, "normal"),
        Stacking::Percent => stacking(json, "percent"),
    }
    match graph.thresholds {
        ThresholdStyle::Off => {}
        ThresholdStyle::Dashed => threshold_style(json, "dashed"),
        ThresholdStyle::Area => threshold_style(json, "area"),
    }
    for (key, end) in [("axisSoftMin", graph.soft_min), ("axisSoftMax", graph.soft_max)] {
        if let Some(end) = end {
            json.number(key, end.normalize());
        }
    }
}

fn stacking(json: &mut Json, mode: &str) {
    json.object("stacking", Layout::Line, |json| {
        json.string("mode", mode);
        json.string("group", "A");
    });
}

fn threshold_style(json: &mut Json, mode: &str) {
    json.object("thresholdsStyle", Layout::Line, |json| json.string("mode", mode));
}
