//! Names that lead to one another in a circle.

use std::collections::{BTreeMap, VecDeque};

/// A step of a circle: a name, and where it names the next one.
pub(crate) type Step<'a, P> = (&'a str, P);

/// The shortest way from a name back to itself, if there is one; `next` tells what a name leads to, and where it says so.
pub(crate) fn circle<'a, P: Copy>(
    start: &'a str,
    next: impl Fn(&'a str) -> Vec<Step<'a, P>>,
) -> Option<Vec<Step<'a, P>>> {
    let mut came_from: BTreeMap<&str, Step<'a, P>> = BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(name) = queue.pop_front() {
        for (found, place) in next(name) {
            if came_from.contains_key(found) {
                continue;
            }
            came_from.insert(found, (name, place));
            if found == start {
                return Some(way_back(start, &came_from));
            }
            queue.push_back(found);
        }
    }
    None
}

fn way_back<'a, P: Copy>(start: &str, came_from: &BTreeMap<&str, Step<'a, P>>) -> Vec<Step<'a, P>> {
    let mut steps = Vec::new();
    let mut at = start;
    while let Some((before, place)) = came_from.get(at) {
        steps.push((*before, *place));
        at = before;
        if at == start {
            break;
        }
    }
    steps.reverse();
    steps
}

#[cfg(test)]
mod tests {
    use super::circle;

    #[test]
    fn the_shortest_way_back() {
        let next = |name: &str| match name {
            "a" => vec![("b", 1), ("c", 2)],
            "b" => vec![("d", 3)],
            "c" => vec![("a", 4)],
            "d" => vec![("a", 5), ("d", 6)],
            _ => Vec::new(),
        };
        assert_eq!(circle("a", next), Some(vec![("a", 2), ("c", 4)]));
        assert_eq!(circle("d", next), Some(vec![("d", 6)]));
        assert_eq!(circle("e", next), None);
    }
}
