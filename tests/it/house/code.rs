//! Reads Rust source as far as the house rules need it: words and paths, without comments, strings and test modules.

/// One token that can be part of a path or bounds one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// An identifier or keyword.
    Word(String),
    /// `::`
    Sep,
    /// Any other visible character outside of comments and literals.
    Mark(char),
}

/// A token and the line (from 1) on which it stands.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    pub(super) token: Token,
    pub(super) line: usize,
}

impl Placed {
    fn is(&self, mark: char) -> bool {
        self.token == Token::Mark(mark)
    }

    fn word(&self) -> Option<&str> {
        match &self.token {
            Token::Word(word) => Some(word),
            _ => None,
        }
    }
}

/// A path as written, an import's braces expanded; a first segment of "" stands for a leading `::`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Path {
    pub(super) segments: Vec<String>,
    pub(super) line: usize,
    /// It stands in a `use`.
    pub(super) import: bool,
    /// Names of the inline modules around it.
    pub(super) inside: Vec<String>,
}

/// All paths of a file and all names of modules that it declares, outside of tests.
pub(super) fn read(text: &str) -> (Vec<Path>, Vec<(String, usize)>) {
    let tokens = without_tests(&tokens(text));
    let (mut paths, mut modules) = (Vec::new(), Vec::new());
    let (mut inside, mut depth): (Vec<(String, usize)>, usize) = (Vec::new(), 0);
    let mut at = 0;
    while let Some(placed) = tokens.get(at) {
        let next = tokens.get(at + 1);
        match &placed.token {
            Token::Mark('{') => depth += 1,
            Token::Mark('}') => {
                depth = depth.saturating_sub(1);
                inside.retain(|(_, opened)| *opened < depth + 1);
            }
            Token::Mark(_) => {}
            Token::Word(word) if word == "use" && !next.is_some_and(|n| n.is('<')) => {
                let around: Vec<String> = inside.iter().map(|(name, _)| name.clone()).collect();
                at = tree(&tokens, at + 1, &[], &around, &mut paths);
                continue;
            }
            Token::Word(word) if word == "mod" && next.and_then(Placed::word).is_some() => {
                let name = next.and_then(Placed::word).unwrap_or_default().to_owned();
                modules.push((name.clone(), placed.line));
                if tokens.get(at + 2).is_some_and(|t| t.is('{')) {
                    inside.push((name, depth + 1));
                }
                at += 2;
                continue;
            }
            Token::Word(_) | Token::Sep => {
                let mut segments = Vec::new();
                let line = placed.line;
                if placed.token == Token::Sep {
                    segments.push(String::new());
                } else {
                    segments.extend(placed.word().map(str::to_owned));
                    at += 1;
                }
                while tokens.get(at).is_some_and(|t| t.token == Token::Sep) {
                    at += 1;
                    let Some(word) = tokens.get(at).and_then(Placed::word) else { break };
                    segments.push(word.to_owned());
                    at += 1;
                }
                let inside = inside.iter().map(|(name, _)| name.clone()).collect();
                paths.push(Path { segments, line, import: false, inside });
                continue;
            }
        }
        at += 1;
    }
    (paths, modules)
}

/// Expands one import tree from `at`; answers where the token after it stands.
fn tree(tokens: &[Placed], mut at: usize, prefix: &[String], inside: &[String], paths: &mut Vec<Path>) -> usize {
    let mut segments = prefix.to_vec();
    let line = tokens.get(at).map_or(0, |t| t.line);
    while let Some(placed) = tokens.get(at) {
        match &placed.token {
            Token::Word(word) if word == "as" => at += 2,
            Token::Word(word) => {
                segments.push(word.clone());
                at += 1;
            }
            Token::Sep => {
                if segments.is_empty() {
                    segments.push(String::new());
                }
                at += 1;
            }
            Token::Mark('*') => {
                segments.push("*".to_owned());
                at += 1;
            }
            Token::Mark('{') => {
                at += 1;
                while tokens.get(at).is_some_and(|t| !t.is('}')) {
                    at = tree(tokens, at, &segments, inside, paths);
                    at += usize::from(tokens.get(at).is_some_and(|t| t.is(',')));
                }
                return at + 1;
            }
            Token::Mark(_) => break,
        }
    }
    let at_end = tokens.get(at).is_none_or(|t| t.is(',') || t.is('}'));
    paths.push(Path { segments, line, import: true, inside: inside.to_vec() });
    if at_end { at } else { at + 1 }
}

/// Drops every item under `#[cfg(test)]`.
fn without_tests(tokens: &[Placed]) -> Vec<Placed> {
    let mut kept = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while let Some(placed) = tokens.get(at) {
        if is_test_attribute(tokens, at) {
            while tokens.get(at).is_some_and(|t| t.is('#')) {
                at = after_group(tokens, at + 1);
            }
            at = after_item(tokens, at);
        } else {
            kept.push(placed.clone());
            at += 1;
        }
    }
    kept
}

fn is_test_attribute(tokens: &[Placed], at: usize) -> bool {
    let opens = tokens.get(at).is_some_and(|t| t.is('#')) && tokens.get(at + 1).is_some_and(|t| t.is('['));
    if !opens || tokens.get(at + 2).and_then(Placed::word) != Some("cfg") {
        return false;
    }
    let inner = tokens.get(at + 2..after_group(tokens, at + 1)).unwrap_or_default();
    let has = |wanted: &str| inner.iter().any(|t| t.word() == Some(wanted));
    has("test") && !has("not") && !has("any")
}

/// The place after the bracketed group that opens at `at`.
fn after_group(tokens: &[Placed], mut at: usize) -> usize {
    let mut depth = 0_usize;
    while let Some(placed) = tokens.get(at) {
        at += 1;
        match placed.token {
            Token::Mark('(' | '[' | '{') => depth += 1,
            Token::Mark(')' | ']' | '}') => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    break;
                }
            }
            _ => {}
        }
    }
    at
}

/// The place after the item that starts at `at`: past its `;` or its braces.
fn after_item(tokens: &[Placed], mut at: usize) -> usize {
    while let Some(placed) = tokens.get(at) {
        match placed.token {
            Token::Mark(';') => return at + 1,
            Token::Mark('{') => return after_group(tokens, at),
            Token::Mark('(' | '[') => at = after_group(tokens, at),
            Token::Mark('}' | ')' | ']') => return at,
            _ => at += 1,
        }
    }
    at
}

/// Splits source into tokens; comments, strings, characters, lifetimes and numbers are left out.
fn tokens(text: &str) -> Vec<Placed> {
    let mut lexer = Lexer { chars: text.chars().collect(), at: 0, line: 1 };
    let mut found = Vec::new();
    while let Some(token) = lexer.next() {
        found.push(token);
    }
    found
}

struct Lexer {
    chars: Vec<char>,
    at: usize,
    line: usize,
}

impl Lexer {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn step(&mut self) {
        self.line += usize::from(self.peek(0) == Some('\n'));
        self.at += 1;
    }

    fn next(&mut self) -> Option<Placed> {
        loop {
            let (char, line) = (self.peek(0)?, self.line);
            match (char, self.peek(1)) {
                ('/', Some('/')) => self.skip_until_newline(),
                ('/', Some('*')) => self.skip_block(),
                ('"', _) => self.skip_string(),
                ('\'', _) => self.skip_quote(),
                (':', Some(':')) => {
                    self.at += 2;
                    return Some(Placed { token: Token::Sep, line });
                }
                _ if char.is_whitespace() => self.step(),
                _ if char.is_ascii_digit() => drop(self.take_word()),
                _ if char.is_alphanumeric() || char == '_' => {
                    let word = self.take_word();
                    if !self.skip_prefixed(&word) {
                        return Some(Placed { token: Token::Word(word), line });
                    }
                }
                _ => {
                    self.step();
                    return Some(Placed { token: Token::Mark(char), line });
                }
            }
        }
    }

    fn take_word(&mut self) -> String {
        let mut word = String::new();
        while let Some(char) = self.peek(0).filter(|c| c.is_alphanumeric() || *c == '_') {
            word.push(char);
            self.at += 1;
        }
        word
    }

    /// Skips the literal or raw-identifier sign that `word` is the prefix of; answers whether the word was consumed.
    fn skip_prefixed(&mut self, word: &str) -> bool {
        let raw = matches!(word, "r" | "br" | "cr");
        let hashes = (0..).take_while(|n| self.peek(*n) == Some('#')).count();
        if raw && self.peek(hashes) == Some('"') {
            self.at += hashes + 1;
            while self.peek(0).is_some() {
                let closes = self.peek(0) == Some('"') && (1..=hashes).all(|n| self.peek(n) == Some('#'));
                self.step();
                if closes {
                    self.at += hashes;
                    return true;
                }
            }
            return true;
        }
        if word == "r" && hashes == 1 {
            self.at += 1;
            return true;
        }
        matches!(word, "b" | "c") && self.peek(0) == Some('"')
    }

    fn skip_until_newline(&mut self) {
        while self.peek(0).is_some_and(|c| c != '\n') {
            self.at += 1;
        }
    }

    fn skip_block(&mut self) {
        let mut depth = 0_usize;
        while self.peek(0).is_some() {
            match (self.peek(0), self.peek(1)) {
                (Some('/'), Some('*')) => {
                    depth += 1;
                    self.at += 2;
                }
                (Some('*'), Some('/')) => {
                    depth -= 1;
                    self.at += 2;
                    if depth == 0 {
                        return;
                    }
                }
                _ => self.step(),
            }
        }
    }

    fn skip_string(&mut self) {
        self.step();
        while let Some(char) = self.peek(0) {
            self.step();
            match char {
                '"' => return,
                '\\' => self.step(),
                _ => {}
            }
        }
    }

    /// A character literal or a lifetime.
    fn skip_quote(&mut self) {
        self.step();
        if self.peek(0) == Some('\\') {
            self.at += 2;
            while self.peek(0).is_some_and(|c| c != '\'') {
                self.step();
            }
            self.step();
        } else if self.peek(1) == Some('\'') {
            self.step();
            self.step();
        } else {
            drop(self.take_word());
        }
    }
}
