//! The word that was probably meant, for "did you mean".

/// The candidate that a word was probably meant to be; `None` if none is close. Of equally close ones, one that the
/// word begins, or else the first in the alphabet.
///
/// Close is a number of slips (a character too many, missing, wrong, or two neighbours swapped) that grows with the length of
/// the word. Capitals and the choice between `-`, `_` and a space are no slips, and the order of the words is one.
#[must_use]
pub fn suggest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = Form::new(word);
    candidates
        .into_iter()
        .filter(|candidate| *candidate != word && !candidate.is_empty())
        .filter_map(|candidate| Some((slips(&wanted, &Form::new(candidate))?, !candidate.starts_with(word), candidate)))
        .min()
        .map(|(_, _, candidate)| candidate)
}

/// The candidate that a word is a slip away from, so that it can hardly be another word of its own.
///
/// It has the same parts between its `_`, but for one or two of four letters or more with a letter too many, missing, wrong, or
/// swapped with its neighbour; never the first one, and never a digit.
#[must_use]
pub fn slip<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let close = candidates.into_iter().filter_map(|candidate| Some((slipped_parts(word, candidate)?, candidate)));
    close.min().map(|(_, candidate)| candidate)
}

/// How many parts of a name are misspelt, if few enough.
fn slipped_parts(word: &str, candidate: &str) -> Option<usize> {
    let mut count = 0;
    let (mut parts, mut others) = (word.split('_'), candidate.split('_'));
    loop {
        match (parts.next(), others.next()) {
            (None, None) => break,
            (Some(part), Some(other)) if part == other => {}
            (Some(part), Some(other)) if is_slip(part, other) => count += 1,
            (Some(_) | None, Some(_) | None) => return None,
        }
    }
    (1..=2).contains(&count).then_some(count)
}

fn is_slip(part: &str, other: &str) -> bool {
    let (part, other): (Vec<char>, Vec<char>) = (part.chars().collect(), other.chars().collect());
    let digits = |characters: &[char]| characters.iter().copied().filter(char::is_ascii_digit).collect::<Vec<_>>();
    let is_word = part.len().max(other.len()) >= 4 && part.len() <= 64 && part.first() == other.first();
    is_word && digits(&part) == digits(&other) && distance(&part, &other, 1).is_some()
}

/// A word without what does not count.
struct Form {
    characters: Vec<char>,
    /// The word's parts in the order of the alphabet.
    parts: Vec<String>,
}

impl Form {
    fn new(word: &str) -> Self {
        let plain: String =
            word.to_lowercase().chars().map(|it| if matches!(it, '-' | ' ') { '_' } else { it }).collect();
        let mut parts: Vec<String> = plain.split('_').filter(|part| !part.is_empty()).map(str::to_owned).collect();
        parts.sort_unstable();
        Self { characters: plain.chars().filter(|it| *it != '_').collect(), parts }
    }
}

/// How many slips lie between two words, if few enough.
fn slips(word: &Form, candidate: &Form) -> Option<usize> {
    if word.characters == candidate.characters {
        return Some(0);
    }
    if word.parts.len() > 1 && word.parts == candidate.parts {
        return Some(1);
    }
    let most = match word.characters.len().max(candidate.characters.len()) {
        3..=5 => 1,
        6..=10 => 2,
        11..=64 => 3,
        _ => return None,
    };
    distance(&word.characters, &candidate.characters, most)
}

/// Insertions, deletions, replacements and swaps of neighbours between two words, if at most `most`.
fn distance(left: &[char], right: &[char], most: usize) -> Option<usize> {
    if left.len().abs_diff(right.len()) > most {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=right.len()).collect();
    for (row, &character) in left.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, &other) in right.iter().enumerate() {
            let replaced = above[column] + usize::from(character != other);
            let mut best = replaced.min(above[column + 1] + 1).min(current[column] + 1);
            if row > 0 && column > 0 && character == right[column - 1] && left[row - 1] == other {
                best = best.min(before[column - 1] + 1);
            }
            current.push(best);
        }
        before = std::mem::replace(&mut above, current);
    }
    above.last().copied().filter(|distance| *distance <= most)
}

#[cfg(test)]
mod tests {
    use super::suggest;

    #[test]
    fn only_close_words_are_suggested() {
        let keys = ["target", "window", "sli", "group_by", "severity_labels", "unknown-key", "up"];
        let table = [
            ("tagret", Some("target")),
            ("targets", Some("target")),
            ("Target", Some("target")),
            ("windwo", Some("window")),
            ("slo", Some("sli")),
            ("group-by", Some("group_by")),
            ("groupBy", Some("group_by")),
            ("by_group", Some("group_by")),
            ("labels severity", Some("severity_labels")),
            ("key-unknown", Some("unknown-key")),
            ("UP", Some("up")),
            ("uq", None),
            ("objective", None),
            ("target", None),
            ("", None),
            ("ünknown-kéy", Some("unknown-key")),
        ];
        for (word, expected) in table {
            assert_eq!(suggest(word, keys), expected, "{word}");
        }
    }

    #[test]
    fn ties_go_to_the_first_in_the_alphabet() {
        assert_eq!(suggest("bat", ["cat", "bad", "bar"]), Some("bad"));
        assert_eq!(suggest("bat", ["bar", "cat", "bad"]), Some("bad"));
        assert_eq!(suggest("rat", ["rad", "rate"]), Some("rate"));
    }

    #[test]
    fn a_slip_is_one_letter_of_a_long_part() {
        let names = ["node_memory_Inactive_bytes", "http_requests_total", "node_load1", "stat", "code"];
        let table = [
            ("http_request_total", Some("http_requests_total")),
            ("http_reqeusts_totla", Some("http_requests_total")),
            ("http_requests", None),
            ("node_load2", None),
            ("node_memory_inactive_bytes", None),
            ("node_memory_size_bytes", None),
            ("node", None),
            ("state", Some("stat")),
            ("code", None),
        ];
        for (word, expected) in table {
            assert_eq!(super::slip(word, names), expected, "{word}");
        }
    }

    #[test]
    fn a_huge_word_is_close_to_nothing() {
        assert_eq!(suggest(&"a".repeat(1_000_000), ["target"]), None);
    }
}
