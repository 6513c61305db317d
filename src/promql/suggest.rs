//! The word that was probably meant.

/// The closest of the words, if one is close enough to be meant; of equally close ones, one that the word begins, else the first.
pub(crate) fn closest<'a>(word: &str, words: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_ascii_lowercase();
    let most = match lower.len() {
        0..=2 => 0,
        3..=5 => 1,
        6..=9 => 2,
        10..=40 => 3,
        _ => return None,
    };
    words
        .into_iter()
        .filter_map(|candidate| {
            Some((distance(&lower, candidate, most).or_else(|| anagram(&lower, candidate))?, candidate))
        })
        .min_by_key(|(distance, candidate)| (*distance, !candidate.starts_with(&lower)))
        .map(|(_, candidate)| candidate)
}

/// Words of the same letters count as one mistake.
fn anagram(left: &str, right: &str) -> Option<usize> {
    let sorted = |word: &str| {
        let mut letters = word.as_bytes().to_vec();
        letters.sort_unstable();
        letters
    };
    (left.len() == right.len() && left.len() > 2 && sorted(left) == sorted(right)).then_some(1)
}

/// Insertions, deletions, replacements and swaps of neighbours between two words, if at most `most`.
fn distance(left: &str, right: &str, most: usize) -> Option<usize> {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    if left.len().abs_diff(right.len()) > most {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=right.len()).collect();
    for (row, &byte) in left.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, &other) in right.iter().enumerate() {
            let mut best =
                (above[column] + usize::from(byte != other)).min(above[column + 1] + 1).min(current[column] + 1);
            if row > 0 && column > 0 && byte == right[column - 1] && left[row - 1] == other {
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
    use super::*;

    #[test]
    fn close_words_only() {
        assert_eq!(closest("reta", ["rate", "irate"]), Some("rate"));
        assert_eq!(closest("histogram_quantil", ["histogram_quantile"]), Some("histogram_quantile"));
        assert_eq!(closest("foo", ["rate", "abs"]), None);
        assert_eq!(closest("ab", ["abs"]), None);
        assert_eq!(closest("rat", ["rad", "rate"]), Some("rate"));
        assert_eq!(closest("sun", ["sum", "sgn"]), Some("sum"));
    }
}
