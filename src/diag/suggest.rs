//! The candidate that a misspelt word was meant to be.

/// The candidate closest to a word, if it is close: a third of the longer one's characters may differ, and the first of
/// equals is taken.
#[must_use]
pub fn suggest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = normalized(word);
    let close = candidates.into_iter().filter_map(|candidate| {
        let candidate_text = normalized(candidate);
        let limit = wanted.len().max(candidate_text.len()) / 3;
        let distance = distance(&wanted, &candidate_text);
        (distance <= limit).then_some((distance, candidate))
    });
    close.min_by_key(|(distance, _)| *distance).map(|(_, candidate)| candidate)
}

/// The longest word that suggestions are made for.
const MAX_CHARS: usize = 64;

fn normalized(word: &str) -> Vec<char> {
    let plain = word.chars().take(MAX_CHARS).map(|c| if c == '-' { '_' } else { c.to_ascii_lowercase() });
    plain.collect()
}

/// Insertions, deletions, replacements and swaps of neighbours between two words.
fn distance(one: &[char], other: &[char]) -> usize {
    let mut rows = vec![(0..=other.len()).collect::<Vec<usize>>()];
    for (i, a) in one.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in other.iter().enumerate() {
            let mut best = (rows[i][j] + usize::from(a != b)).min(rows[i][j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == other[j - 1] && one[i - 1] == *b {
                best = best.min(rows[i - 1][j - 1] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[one.len()][other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_what_is_close() {
        let words = ["average", "any", "all", "quorum"];
        assert_eq!(suggest("avrage", words), Some("average"));
        assert_eq!(suggest("qourum", words), Some("quorum"));
        assert_eq!(suggest("Any", words), Some("any"));
        assert_eq!(suggest("most", words), None);
    }
}
