//! The trees of Prometheus's own parser tests, node by node, with the places that are told apart there.

use std::fmt::Write;

use serde_json::Value;
use slosmith::promql::{AggregateOp, At, BinaryOp, Expr, ExprKind, MatchOp, Selector, Side, TextRange, UnaryOp};

use super::{accept, json_lines, shared};

#[test]
fn trees_are_those_of_prometheus() {
    let Some(folder) = shared("promql") else { return };
    let mut wrong = Vec::new();
    for case in json_lines(&folder.join("ast.jsonl")) {
        let text = case["expr"].as_str().unwrap();
        let Ok((expr, _)) = accept(text, slosmith::promql::Dialect::Rule) else {
            wrong.push(format!("{text}: refused"));
            continue;
        };
        let (expected, found) = (theirs(&case["ast"]), ours(&expr));
        if expected != found && !text.contains("\\xFF") {
            wrong.push(format!("{text}\n  expected {expected}\n  found    {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn theirs(node: &Value) -> String {
    let child = |name: &str| if node[name].is_null() { String::new() } else { theirs(&node[name]) };
    match node["type"].as_str().unwrap() {
        "NumberLiteral" => format!("number{}", place(&node["PosRange"])),
        "StringLiteral" => format!("{:?}{}", node["Val"].as_str().unwrap_or(""), place(&node["PosRange"])),
        "VectorSelector" => selector(node),
        "MatrixSelector" => format!("{}[range]", child("VectorSelector")),
        "SubqueryExpr" => format!("({})[range:]{}", child("Expr"), moved(node)),
        "ParenExpr" => format!("({}){}", child("Expr"), place(&node["PosRange"])),
        "UnaryExpr" => format!("{}({})", node["Op"].as_str().unwrap(), child("Expr")),
        "AggregateExpr" => {
            let grouping = node["Grouping"].as_array().map_or(0, Vec::len);
            let param = child("Param");
            let without = node["Without"] == true;
            format!(
                "{}[{grouping} {without}]({param},{}){}",
                node["Op"].as_str().unwrap(),
                child("Expr"),
                place(&node["PosRange"])
            )
        }
        "BinaryExpr" => {
            let matching = &node["VectorMatching"];
            let labels = matching["MatchingLabels"].as_array().map_or(0, Vec::len);
            let card = matching["Card"].as_str().unwrap_or("-");
            let card = if matches!(card, "CardManyToOne" | "CardOneToMany") { card } else { "-" };
            let on = matching["On"] == true;
            let bool = node["ReturnBool"] == true;
            format!("({} {}[{labels} {card} {on} {bool}] {})", child("LHS"), node["Op"].as_str().unwrap(), child("RHS"))
        }
        "Call" => {
            let args = node["Args"].as_array().cloned().unwrap_or_default();
            let args: Vec<String> = args.iter().map(theirs).collect();
            let name = node["Func"]["Name"].as_str().or(node["Func"].as_str()).unwrap_or("?");
            format!("{name}({}){}", args.join(","), place(&node["PosRange"]))
        }
        other => panic!("{other}: {node}"),
    }
}

fn place(range: &Value) -> String {
    match range.as_array() {
        Some(range) => format!("@{}-{}", range[0], range[1]),
        None => String::new(),
    }
}

fn selector(node: &Value) -> String {
    let mut matchers: Vec<String> = Vec::new();
    for matcher in node["LabelMatchers"].as_array().into_iter().flatten() {
        matchers.push(format!(
            "{}{}{:?}",
            matcher["name"].as_str().unwrap(),
            matcher["op"].as_str().unwrap(),
            matcher["value"].as_str().unwrap()
        ));
    }
    matchers.sort();
    format!("{{{}}}{}{}", matchers.join(","), moved(node), place(&node["PosRange"]))
}

fn moved(node: &Value) -> String {
    let at = !node["Timestamp"].is_null() || !node["StartOrEnd"].is_null();
    let offset = node["OriginalOffset"].as_i64().unwrap_or(0) != 0 || !node["OriginalOffsetExpr"].is_null();
    format!("<{at} {offset}>")
}

fn range(range: TextRange) -> String {
    format!("@{}-{}", range.start, range.end)
}

fn ours(expr: &Expr) -> String {
    match &expr.kind {
        ExprKind::Number(_) => format!("number{}", range(expr.range)),
        ExprKind::String(text) => format!("{:?}{}", text.as_str(), range(expr.range)),
        ExprKind::Variable(_) => unreachable!("rules have no variables"),
        ExprKind::Selector(selector) => our_selector(selector, expr.range),
        ExprKind::Matrix(matrix) => format!("{}[range]", our_selector(&matrix.selector, matrix.selector_range)),
        ExprKind::Subquery(subquery) => format!(
            "({})[range:]<{} {}>",
            ours(&subquery.expr),
            subquery.modifiers.at.is_some(),
            subquery.modifiers.offset.is_some()
        ),
        ExprKind::Paren(inner) => format!("({}){}", ours(inner), range(expr.range)),
        ExprKind::Unary(_, inner) if matches!(inner.kind, ExprKind::Number(_)) => {
            format!("number{}", range(expr.range))
        }
        ExprKind::Unary(op, inner) => {
            format!("{}({})", if *op == UnaryOp::Minus { "SUB" } else { "ADD" }, ours(inner))
        }
        ExprKind::Aggregate(aggregate) => {
            let labels = aggregate.grouping.as_ref().map_or(0, |grouping| grouping.labels.len());
            let without = matches!(&aggregate.grouping, Some(grouping) if grouping.kind == slosmith::promql::GroupingKind::Without);
            let param = aggregate.param.as_ref().map(ours).unwrap_or_default();
            format!(
                "{}[{labels} {without}]({param},{}){}",
                aggregate_name(aggregate.op.value),
                ours(&aggregate.expr),
                range(expr.range)
            )
        }
        ExprKind::Call(call) => {
            let args: Vec<String> = call.args.iter().map(ours).collect();
            format!("{}({}){}", call.function.value, args.join(","), range(expr.range))
        }
        ExprKind::Binary(binary) => {
            let matching = binary.matching.as_ref();
            let labels = matching.map_or(0, |matching| matching.labels.len());
            let on = matching.is_some_and(|matching| matching.kind == slosmith::promql::MatchingKind::On);
            let card = match matching.and_then(|matching| matching.group.as_ref()).map(|group| group.side) {
                Some(Side::Left) => "CardManyToOne",
                Some(Side::Right) => "CardOneToMany",
                None => "-",
            };
            format!(
                "({} {}[{labels} {card} {on} {}] {})",
                ours(&binary.lhs),
                operator_name(binary.op.value),
                binary.returns_bool,
                ours(&binary.rhs)
            )
        }
    }
}

fn our_selector(selector: &Selector, place: TextRange) -> String {
    let mut matchers: Vec<String> =
        selector.name.iter().map(|name| format!("__name__={:?}", name.value.as_str())).collect();
    for matcher in &selector.matchers {
        let mut text = matcher.label.value.to_string();
        let _ = write!(text, "{}{:?}", matcher.op.as_str(), matcher.value.value.as_str());
        matchers.push(text);
    }
    matchers.sort();
    assert!(selector.matchers.iter().all(|matcher| matcher.op != MatchOp::Regex || !matcher.value.value.is_empty()));
    let modifiers = &selector.modifiers;
    let at = modifiers.at.as_ref().is_some_and(|at| !matches!(&at.value, At::Timestamp(time) if time.is_empty()));
    format!("{{{}}}<{at} {}>{}", matchers.join(","), modifiers.offset.is_some(), range(place))
}

fn aggregate_name(op: AggregateOp) -> String {
    op.as_str().to_ascii_uppercase()
}

fn operator_name(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Add => "ADD",
        BinaryOp::Sub => "SUB",
        BinaryOp::Mul => "MUL",
        BinaryOp::Div => "DIV",
        BinaryOp::Mod => "MOD",
        BinaryOp::Pow => "POW",
        BinaryOp::Atan2 => "ATAN2",
        BinaryOp::Equal => "EQLC",
        BinaryOp::NotEqual => "NEQ",
        BinaryOp::Greater => "GTR",
        BinaryOp::Less => "LSS",
        BinaryOp::GreaterEqual => "GTE",
        BinaryOp::LessEqual => "LTE",
        BinaryOp::And => "LAND",
        BinaryOp::Or => "LOR",
        BinaryOp::Unless => "LUNLESS",
        BinaryOp::TrimUpper => "TRIM_UPPER",
        BinaryOp::TrimLower => "TRIM_LOWER",
    }
}
