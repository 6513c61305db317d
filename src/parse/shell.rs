//! Shell commands of runbooks: quotes, substitutions, operators and compound commands that do not close.
//!
//! No parser of the whole shell language: what it reports is wrong in every POSIX shell, and what it lets pass may still be.

/// Something that breaks when the commands are pasted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub kind: FaultKind,
    /// The first byte of the place.
    pub start: usize,
    /// The byte behind the place.
    pub end: usize,
}

/// What is wrong with a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// This has no end.
    Unclosed(&'static str),
    /// An end without a beginning.
    Unopened,
    /// An operator at the beginning of a command.
    NothingBefore,
    /// An operator at the end of all commands.
    NothingBehind,
    /// A word in angle brackets, meant as a placeholder.
    Placeholder,
}

/// What is open at a place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    DoubleQuote,
    /// `$(` or `(`
    Parenthesis,
    /// `${`
    Parameter,
    /// `$((`
    Arithmetic,
    Backquote,
    /// `if`, `case`, `for`, `while`, `until`, by the word that ends it.
    Compound(&'static str),
}

impl Open {
    fn name(self) -> &'static str {
        match self {
            Self::DoubleQuote => "double quote",
            Self::Parenthesis => "parenthesis",
            Self::Parameter => "parameter `${`",
            Self::Arithmetic => "arithmetic expansion `$((`",
            Self::Backquote => "backquote",
            Self::Compound("fi") => "`if`",
            Self::Compound("esac") => "`case`",
            Self::Compound(_) => "loop",
        }
    }
}

/// Everything that is wrong with some commands, by place.
#[must_use]
pub fn faults(code: &str) -> Vec<Fault> {
    let mut scan =
        Scan { code, at: 0, open: Vec::new(), faults: Vec::new(), begins: true, operator: None, here: Vec::new() };
    while scan.at < code.len() {
        scan.step();
    }
    scan.finish()
}

struct Scan<'a> {
    code: &'a str,
    at: usize,
    /// What is open, and where it began, by its bytes.
    open: Vec<(Open, usize, usize)>,
    faults: Vec<Fault>,
    /// Whether a command may begin here.
    begins: bool,
    /// An operator that still needs a command behind it.
    operator: Option<(usize, usize)>,
    /// The here documents that begin on the next line: the word that ends each, and where it stands.
    here: Vec<(String, usize, usize)>,
}

impl Scan<'_> {
    fn rest(&self) -> &str {
        &self.code[self.at..]
    }

    fn report(&mut self, kind: FaultKind, start: usize, end: usize) {
        self.faults.push(Fault { kind, start, end });
    }

    fn push(&mut self, open: Open, length: usize) {
        self.open.push((open, self.at, self.at + length));
        self.at += length;
    }

    fn top(&self) -> Option<Open> {
        self.open.last().map(|(open, ..)| *open)
    }

    /// Takes one character, word or operator.
    fn step(&mut self) {
        match self.top() {
            Some(Open::DoubleQuote) => self.in_quote('"'),
            Some(Open::Parameter) => self.in_quote('}'),
            Some(Open::Arithmetic) => self.in_arithmetic(),
            Some(Open::Parenthesis | Open::Backquote | Open::Compound(_)) | None => self.command(),
        }
    }

    /// Within double quotes or a parameter: only expansions and the end count.
    fn in_quote(&mut self, end: char) {
        let rest = self.rest();
        if rest.starts_with('\\') {
            self.at += 1 + rest.chars().nth(1).map_or(0, char::len_utf8);
        } else if rest.starts_with(end) {
            self.open.pop();
            self.at += 1;
        } else if end == '}' && rest.starts_with('"') {
            self.push(Open::DoubleQuote, 1);
        } else if end == '}' && rest.starts_with('\'') && !self.is_quoted() {
            self.single_quote();
        } else if !self.expansion() {
            self.at += self.rest().chars().next().map_or(1, char::len_utf8);
        }
    }

    fn is_quoted(&self) -> bool {
        self.open.iter().any(|(open, ..)| *open == Open::DoubleQuote)
    }

    fn in_arithmetic(&mut self) {
        let rest = self.rest();
        if rest.starts_with("))") {
            self.open.pop();
            self.at += 2;
        } else if rest.starts_with('(') {
            self.push(Open::Parenthesis, 1);
        } else if !self.expansion() {
            self.at += self.rest().chars().next().map_or(1, char::len_utf8);
        }
    }

    /// Takes `$(`, `$((`, `${` or a backquote, if one is here.
    fn expansion(&mut self) -> bool {
        let rest = self.rest();
        if rest.starts_with("$((") {
            self.push(Open::Arithmetic, 3);
        } else if rest.starts_with("$(") {
            self.push(Open::Parenthesis, 2);
            self.begins = true;
        } else if rest.starts_with("${") {
            self.push(Open::Parameter, 2);
        } else if rest.starts_with('`') {
            self.backquote();
        } else {
            return false;
        }
        true
    }

    fn backquote(&mut self) {
        let found = self.open.iter().rposition(|(open, ..)| *open == Open::Backquote);
        if let Some(position) = found {
            self.open.truncate(position);
            self.at += 1;
            self.begins = false;
        } else {
            self.push(Open::Backquote, 1);
            self.begins = true;
        }
    }

    fn single_quote(&mut self) {
        let start = self.at;
        if let Some(length) = self.code[start + 1..].find('\'') {
            self.at = start + length + 2;
        } else {
            self.report(FaultKind::Unclosed("single quote"), start, start + 1);
            self.at = self.code.len();
        }
    }

    fn command(&mut self) {
        let Some(first) = self.rest().chars().next() else { return };
        match first {
            '\n' => self.new_line(),
            c if c.is_whitespace() => self.at += c.len_utf8(),
            '#' if self.is_word_start() => self.at += self.rest().find('\n').unwrap_or(self.rest().len()),
            '<' if self.here_document() || self.placeholder() => self.word_taken(),
            ';' | '&' | '|' | '<' | '>' => self.operators(),
            '(' => {
                self.word_taken();
                self.push(Open::Parenthesis, 1);
                self.begins = true;
            }
            ')' => self.close_parenthesis(),
            _ => self.word(),
        }
    }

    fn is_word_start(&self) -> bool {
        let before = self.code[..self.at].chars().next_back();
        before.is_none_or(|c| c.is_whitespace() || matches!(c, ';' | '&' | '|' | '(' | ')'))
    }

    fn word_taken(&mut self) {
        self.begins = false;
        self.operator = None;
    }

    fn new_line(&mut self) {
        self.at += 1;
        self.begins = true;
        for (end, start, behind) in std::mem::take(&mut self.here) {
            let mut found = false;
            while self.at < self.code.len() && !found {
                let line = self.rest().split_inclusive('\n').next().unwrap_or_default();
                found = line.trim() == end;
                self.at += line.len();
            }
            if !found {
                self.report(FaultKind::Unclosed("here document"), start, behind);
            }
        }
    }

    /// Takes `<<WORD` and notes that a here document follows.
    fn here_document(&mut self) -> bool {
        let rest = self.rest();
        let Some(word) = rest.strip_prefix("<<").filter(|rest| !rest.starts_with('<')) else { return false };
        let word = word.trim_start_matches('-').trim_start_matches(' ');
        let skipped = rest.len() - word.len();
        let length = word.find(|c: char| c.is_whitespace() || matches!(c, ';' | '|' | '&' | ')' | '<' | '>'));
        let length = length.unwrap_or(word.len());
        let end: String = word[..length].chars().filter(|c| !matches!(c, '\'' | '"' | '\\')).collect();
        let behind = self.at + skipped + length;
        if !end.is_empty() {
            self.here.push((end, self.at, behind));
        }
        self.at = behind;
        true
    }

    /// Takes `<word>`, unless it can be two redirections.
    fn placeholder(&mut self) -> bool {
        let rest = self.rest();
        let Some(length) = rest[1..].find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))) else {
            return false;
        };
        let behind = &rest[1 + length..];
        let is_word = length > 0 && rest[1..].starts_with(char::is_alphabetic);
        let is_target = |c: char| c.is_alphanumeric() || matches!(c, '/' | '$' | '&' | '>' | '|');
        if !is_word || !behind.starts_with('>') || behind[1..].starts_with(is_target) {
            return false;
        }
        let end = self.at + length + 2;
        self.report(FaultKind::Placeholder, self.at, end);
        self.at = end;
        true
    }

    fn operators(&mut self) {
        let rest = self.rest();
        if rest.starts_with(['<', '>']) || rest.starts_with("&>") {
            // The target of a redirection is a word; `>&2` and `>|file` are redirections.
            let length = rest.len() - rest.trim_start_matches(['<', '>', '&', '|']).len();
            self.at += length;
            if self.rest().starts_with('(') {
                self.push(Open::Parenthesis, 1);
                self.begins = true;
            }
            return;
        }
        let length = if rest.starts_with(['&', '|', ';']) && rest[1..].starts_with(&rest[..1]) { 2 } else { 1 };
        let length = if rest.starts_with("|&") { 2 } else { length };
        let (start, end) = (self.at, self.at + length);
        let is_in_case = self.open.iter().any(|(open, ..)| *open == Open::Compound("esac"));
        let joins = matches!(&self.code[start..end], "&&" | "||" | "|" | "|&");
        if self.begins && !is_in_case {
            self.report(FaultKind::NothingBefore, start, end);
        }
        self.operator = joins.then_some((start, end));
        self.begins = true;
        self.at = end;
    }

    fn close_parenthesis(&mut self) {
        let is_in_case = self.top() == Some(Open::Compound("esac"));
        if is_in_case {
            // The end of a pattern.
            self.begins = true;
        } else {
            while let Some((Open::Compound(_), start, end)) = self.open.last().copied() {
                self.unclosed(start, end);
            }
            if self.top() == Some(Open::Parenthesis) {
                self.open.pop();
            } else {
                self.report(FaultKind::Unopened, self.at, self.at + 1);
            }
            self.begins = false;
        }
        self.at += 1;
    }

    fn unclosed(&mut self, start: usize, end: usize) {
        if let Some((open, ..)) = self.open.pop() {
            self.report(FaultKind::Unclosed(open.name()), start, end);
        }
    }

    /// Takes a word, or a piece of one: up to a quote, an expansion, a space or an operator.
    fn word(&mut self) {
        let rest = self.rest();
        if rest.starts_with('\\') {
            let continues = rest.starts_with("\\\n");
            self.at += 1 + rest.chars().nth(1).map_or(0, char::len_utf8);
            if !continues {
                self.word_taken();
            }
            return;
        }
        if rest.starts_with('\'') {
            self.word_taken();
            self.single_quote();
            return;
        }
        if rest.starts_with('"') {
            self.word_taken();
            self.push(Open::DoubleQuote, 1);
            return;
        }
        if rest.starts_with("$(") || rest.starts_with("${") || rest.starts_with('`') {
            self.word_taken();
            self.expansion();
            return;
        }
        let is_end = |c: char| {
            c.is_whitespace() || matches!(c, '\\' | '\'' | '"' | '`' | ';' | '&' | '|' | '<' | '>' | '(' | ')')
        };
        let mut end = rest.find(is_end).unwrap_or(rest.len());
        if let Some(dollar) =
            rest[..end].match_indices('$').map(|(at, _)| at).find(|at| rest[at + 1..].starts_with(['(', '{']))
        {
            end = end.min(dollar);
        }
        let end = end.max(rest.chars().next().map_or(1, char::len_utf8));
        self.keyword(end);
        self.at += end;
    }

    /// What a word at the beginning of a command opens or closes.
    fn keyword(&mut self, length: usize) {
        let (start, end) = (self.at, self.at + length);
        let word = &self.code[start..end];
        let is_whole = self.is_word_start()
            && self.code[end..]
                .chars()
                .next()
                .is_none_or(|c| c.is_whitespace() || matches!(c, ';' | '&' | '|' | ')' | '('));
        if !(self.begins && is_whole) {
            self.word_taken();
            return;
        }
        self.word_taken();
        match word {
            "if" => self.open.push((Open::Compound("fi"), start, end)),
            "case" => self.open.push((Open::Compound("esac"), start, end)),
            "for" | "while" | "until" | "select" => self.open.push((Open::Compound("done"), start, end)),
            "fi" | "done" | "esac" => {
                let matches = self.top().is_some_and(|open| open == Open::Compound(closing(word)));
                if matches {
                    self.open.pop();
                } else {
                    self.report(FaultKind::Unopened, start, end);
                }
            }
            _ => {}
        }
        self.begins = matches!(word, "if" | "while" | "until" | "then" | "else" | "elif" | "do" | "!" | "{" | "time");
    }

    fn finish(mut self) -> Vec<Fault> {
        if let Some((start, end)) = self.operator {
            self.report(FaultKind::NothingBehind, start, end);
        }
        for (_, start, end) in std::mem::take(&mut self.here) {
            self.report(FaultKind::Unclosed("here document"), start, end);
        }
        while let Some((_, start, end)) = self.open.last().copied() {
            self.unclosed(start, end);
        }
        self.faults.sort_by_key(|fault| (fault.start, fault.end));
        self.faults
    }
}

/// The word that closes a compound command.
fn closing(word: &str) -> &'static str {
    match word {
        "fi" => "fi",
        "esac" => "esac",
        _ => "done",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_breaks_when_pasted() {
        for (code, found) in [
            ("docker compose exec postgres psql -c 'select 1\n", "'"),
            ("echo \"it is $(date)\nls", "\""),
            ("echo \"$(date\"", "\" $( \""),
            ("docker compose logs <service> --tail 100", "<service>"),
            ("docker compose ps |", "|"),
            ("&& ls", "&&"),
            ("ls | | wc", "|"),
            ("echo ${x", "${"),
            ("echo $((1 + 2)", "$(("),
            ("if true; then ls", "if"),
            ("for x in a b; do ls; done; done", "done"),
            ("ls )", ")"),
            ("cat <<EOF\nx\n", "<<EOF"),
            ("echo `date", "`"),
        ] {
            let places: Vec<&str> = faults(code).iter().map(|fault| &code[fault.start..fault.end]).collect();
            assert_eq!(places.join(" "), found, "{code}");
        }
    }

    #[test]
    fn what_a_shell_takes() {
        for code in [
            "docker compose exec -T postgres psql -U shop -c \"select count(*) from pg_stat_activity where state = 'idle'\"",
            "for s in web backend; do\n  docker compose restart \"$s\" && sleep 5\ndone",
            "if ! curl -fsS localhost/healthz; then echo down; else echo up; fi",
            "cat <<'EOF' > /tmp/x\nit's $( fine\nEOF\nls",
            "echo $((2 * (3 + 4))) ${x:-\"a b\"} ${y#'}'}",
            "case $1 in a) ls;; b|c) ls -l ;; esac",
            "docker stats --no-stream \\\n  --format '{{.Name}} {{.MemUsage}}' | sort -k2 -h # by size, it's ok",
            "ls 2>&1 >/dev/null && (cd /tmp; ls) || true",
            "diff <(ls a) <(ls b)",
            "x=`date`; echo \"`date`\"",
            "wc -l <in.txt >out.txt &\nwait",
            "ls |\n  wc -l",
            "find . -name '*.log' -exec rm {} \\;",
            "",
        ] {
            assert_eq!(faults(code), [], "{code}");
        }
    }
}
