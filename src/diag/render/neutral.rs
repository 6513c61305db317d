//! Text of users without the characters that act on a terminal.

use std::borrow::Cow;

/// A text in which characters that would move, colour or reorder what a terminal shows are visible; tabs become spaces, and
/// line feeds stay.
pub(super) fn neutral(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|it| it == '\t' || acts(it)) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|it| if it == '\t' { ' ' } else { visible(it) }).collect())
}

/// The character to show for one; a tab is left to who draws the line.
pub(super) fn visible(character: char) -> char {
    match character {
        '\t' | '\n' => character,
        '\0'..='\u{1f}' => char::from_u32(u32::from(character) + 0x2400).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        _ if acts(character) => '\u{fffd}',
        _ => character,
    }
}

/// Control characters, those that reorder text, and the planes of private use.
fn acts(character: char) -> bool {
    match character {
        '\t' | '\n' => false,
        '\u{61c}'
        | '\u{200e}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}'
        | '\u{f0000}'.. => true,
        _ => character.is_control(),
    }
}
