//! An entry of `maintenance`.

use crate::parse::decl::MaintenanceDecl;
use crate::parse::read::Reader;
use crate::parse::yaml::Node;

pub(super) fn maintenance(reader: &mut Reader<'_>, node: Node) -> Option<MaintenanceDecl> {
    let span = node.span;
    let mut fields = reader.fields(node, "an entry of `maintenance`")?;
    let decl = MaintenanceDecl {
        span,
        name: reader.required_text(&mut fields, "name", "name: weekly-failover"),
        start: reader.text(&mut fields, "start"),
        duration: reader.text(&mut fields, "duration"),
        rrule: reader.text(&mut fields, "rrule"),
        timezone: reader.text(&mut fields, "timezone"),
        from: reader.text(&mut fields, "from"),
        to: reader.text(&mut fields, "to"),
        reason: reader.text(&mut fields, "reason"),
        slos: fields.take("slos").map(|entry| reader.texts_of(entry)),
        effect: reader.text(&mut fields, "effect"),
        mute_alerts: reader.text(&mut fields, "mute_alerts"),
    };
    reader.finish(&fields);
    Some(decl)
}
