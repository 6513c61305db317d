//! Specs with bytes changed at random: whatever comes of it, no panic, and every place lies within the text.

use super::{report, sources};
use slosmith::diag::Sink;
use slosmith::source::SourceKind;

/// Numbers of a fixed sequence.
struct Random(u64);

impl Random {
    /// A number below `limit`.
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % limit.max(1) as u64).unwrap_or(0)
    }
}

/// Pieces of text that mean something to YAML.
const PIECES: &[&str] = &[
    "{", "}", "[", "]", ":", ": ", "- ", "\n", "\n  ", "\t", "'", "\"", "#", " #", "|", ">", "|-\n", ">+2\n", "&a ",
    "*a", "<<: *a", "!!str ", "!x ", "? ", "%", "@", "`", "~", ",", "\\", "\r", "\r\n", "\u{feff}", "\0", "\u{85}",
    "é", "😀", "---\n", "...\n", "{{ x }}", "sli:", "target:", "  ",
];

/// Applies a few changes to a text.
fn mutate(text: &str, random: &mut Random) -> String {
    let mut text = text.to_owned();
    for _ in 0..=random.below(4) {
        let place = |at: usize, text: &str| (at..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let start = place(random.below(text.len() + 1), &text);
        let end = match random.below(3) {
            0 => start,
            1 => place((start + random.below(4)).min(text.len()), &text),
            _ => place((start + random.below(200)).min(text.len()), &text),
        };
        let insert = if random.below(3) == 0 { "" } else { PIECES[random.below(PIECES.len())] };
        text.replace_range(start..end, insert);
    }
    text
}

#[test]
fn changed_specs_never_panic() {
    let seeds = [
        include_str!("everything.yaml"),
        include_str!("trees.txt"),
        include_str!("../../slos/checkout.yaml"),
        include_str!("../../slos/redis.yaml"),
        include_str!("../../examples/sloth/slos/checkout.yaml"),
        include_str!("../../examples/sloth/slos/gateway.yaml"),
    ];
    let mut random = Random(7);
    let mut read = 0;
    for round in 0..2_000 {
        let text = mutate(seeds[round % seeds.len()], &mut random);
        let (mut sources, file) = sources(&text);
        let mut sink = Sink::default();
        let spec = slosmith::parse::spec(&sources, file, &mut sink);
        read += usize::from(spec.is_some());
        assert!(spec.is_some() || sink.has_errors(), "nothing is read and nothing said:\n{text}");
        report(&sources, &sink);

        let mut project = sources.file(file).clone();
        project.kind = SourceKind::Project;
        let file = sources.add(project);
        let mut sink = Sink::default();
        let _ = slosmith::parse::project(&sources, file, &mut sink);
        report(&sources, &sink);
    }
    assert!(read > 200, "only {read} of the changed specs could be read");
}

#[test]
fn changed_objects_of_other_formats_never_panic() {
    let seeds = [
        include_str!("../openslo/project/slos/objects.yaml"),
        include_str!("../openslo/project/slos/slos.yaml"),
        include_str!("../pyrra/project/slos/all.yaml"),
        include_str!("../errors/openslo.queries.yaml"),
    ];
    let mut random = Random(11);
    for round in 0..600 {
        let (sources, _) = sources(&mutate(seeds[round % seeds.len()], &mut random));
        let mut sink = Sink::default();
        sink.extend(slosmith::resolved(&sources).1);
        report(&sources, &sink);
    }
}
