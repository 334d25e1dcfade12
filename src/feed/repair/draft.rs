//! What the repair pass understood of a feed, and the plain Atom document that it hands on.

use super::hints::Wishes;

/// The feed itself.
#[derive(Debug, Default)]
pub(super) struct Head {
    pub(super) title: Best,
    pub(super) link: Best,
    pub(super) language: Best,
    pub(super) wishes: Wishes,
}

/// One item.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) title: Best,
    pub(super) link: Best,
    pub(super) id: Best,
    /// The guid, where it may serve as the link.
    pub(super) permalink: Option<String>,
    pub(super) summary: Best,
    pub(super) content: Best,
    pub(super) published: Best,
    pub(super) updated: Best,
    /// Whether it had any element at all, understood or not.
    pub(super) children: bool,
    author_rank: u8,
    authors: Vec<String>,
    categories: Vec<String>,
}

/// The best value given so far: the lowest rank wins, then the first.
#[derive(Debug, Default)]
pub(super) struct Best(Option<(u8, String)>);

impl Best {
    pub(super) fn offer(&mut self, rank: u8, value: String) {
        let better = self.0.as_ref().is_none_or(|(held, _)| rank < *held);
        if better && !value.trim().is_empty() {
            self.0 = Some((rank, value));
        }
    }

    pub(super) fn get(&self) -> Option<&str> {
        self.0.as_ref().map(|(_, value)| value.trim())
    }
}

/// Most categories and authors kept of an item.
const MANY: usize = 64;

impl Draft {
    pub(super) fn category(&mut self, text: &str) {
        let text = text.trim();
        if !text.is_empty() && self.categories.len() < MANY && !self.categories.iter().any(|held| held == text) {
            self.categories.push(text.to_owned());
        }
    }

    /// Adds an author; those of a better rank replace the others, for feeds name the same person in two ways.
    pub(super) fn author(&mut self, rank: u8, text: &str) {
        let name = person(text);
        if name.is_empty() || (!self.authors.is_empty() && rank > self.author_rank) {
            return;
        }
        if rank < self.author_rank {
            self.authors.clear();
        }
        self.author_rank = rank;
        if self.authors.len() < MANY && !self.authors.contains(&name) {
            self.authors.push(name);
        }
    }

    /// Whether nothing at all was understood of the item.
    pub(super) fn is_empty(&self) -> bool {
        let texts = [&self.title, &self.link, &self.id, &self.summary, &self.content, &self.published, &self.updated];
        texts.iter().all(|text| text.get().is_none()) && self.authors.is_empty() && self.categories.is_empty()
    }
}

/// The document handed on: Atom 1.0 of few elements, no attribute but `href`, every text in CDATA.
#[derive(Debug)]
pub(super) struct Document {
    out: String,
}

impl Document {
    /// `size` is the size of the source, which the document seldom exceeds.
    pub(super) fn new(size: usize) -> Self {
        Self { out: String::with_capacity(size.min(1 << 24) / 2) }
    }

    pub(super) fn item(&mut self, draft: &Draft) {
        self.out.push_str("<entry>");
        self.text("id", draft.id.get());
        self.text("title", draft.title.get());
        self.href(draft.link.get().or(draft.permalink.as_deref()));
        self.text("published", draft.published.get());
        self.text("updated", draft.updated.get());
        self.text("summary", draft.summary.get());
        self.text("content", draft.content.get());
        for author in &draft.authors {
            self.out.push_str("<author>");
            self.text("name", Some(author));
            self.out.push_str("</author>");
        }
        for category in &draft.categories {
            self.out.push_str("<category term=\"");
            quote(category, &mut self.out);
            self.out.push_str("\"/>");
        }
        self.out.push_str("</entry>");
    }

    pub(super) fn finish(mut self, head: &Head) -> String {
        let mut start = Self { out: "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"".to_owned() };
        quote(head.language.get().unwrap_or_default(), &mut start.out);
        start.out.push_str("\">");
        start.text("title", head.title.get());
        start.href(head.link.get());
        self.out.insert_str(0, &start.out);
        self.out.push_str("</feed>");
        self.out
    }

    fn text(&mut self, name: &str, value: Option<&str>) {
        let Some(value) = value else { return };
        self.out.push('<');
        self.out.push_str(name);
        self.out.push_str("><![CDATA[");
        if value.contains(']') {
            for (at, part) in value.split("]]>").enumerate() {
                if at > 0 {
                    self.out.push_str("]]]]><![CDATA[>");
                }
                self.out.push_str(part);
            }
        } else {
            self.out.push_str(value);
        }
        self.out.push_str("]]></");
        self.out.push_str(name);
        self.out.push('>');
    }

    fn href(&mut self, link: Option<&str>) {
        let Some(link) = link else { return };
        self.out.push_str("<link href=\"");
        quote(link, &mut self.out);
        self.out.push_str("\"/>");
    }
}

/// Escapes text that is to stand inside of markup.
pub(super) fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            c => out.push(c),
        }
    }
}

/// Escapes text that is to stand in an attribute.
fn quote(text: &str, out: &mut String) {
    for (at, part) in text.split('"').enumerate() {
        if at > 0 {
            out.push_str("&quot;");
        }
        escape(part, out);
    }
}

/// A person's name out of `joe@x.example (Joe Doe)`, `Joe Doe <joe@x.example>` and their like; the address where
/// there is no name.
fn person(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().take(MANY).collect();
    let is_address = |word: &&str| word.contains('@');
    if !words.iter().any(is_address) {
        return words.join(" ");
    }
    let brackets: &[char] = &['(', ')', '<', '>', '[', ']', '"', ','];
    let name: Vec<&str> = words.iter().filter(|word| !is_address(word)).copied().collect();
    let name = name.join(" ");
    let name = name.trim_matches(brackets).trim();
    if !name.is_empty() {
        return name.to_owned();
    }
    let address = words.iter().find(|word| is_address(word)).copied().unwrap_or_default();
    address.trim_matches(brackets).trim_start_matches("mailto:").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_value_wins() {
        let mut best = Best::default();
        best.offer(1, "b".to_owned());
        best.offer(1, "c".to_owned());
        assert_eq!(best.get(), Some("b"));
        best.offer(0, " ".to_owned());
        best.offer(0, "a".to_owned());
        assert_eq!(best.get(), Some("a"));
    }

    #[test]
    fn persons_are_named() {
        for (text, name) in [
            ("Joe Doe", "Joe Doe"),
            ("joe@x.example (Joe Doe)", "Joe Doe"),
            ("Joe Doe <joe@x.example>", "Joe Doe"),
            ("joe@x.example", "joe@x.example"),
            ("<mailto:joe@x.example>", "joe@x.example"),
            ("\u{738b}\u{ff0c}joe@x.example", "\u{738b}\u{ff0c}joe@x.example"),
        ] {
            assert_eq!(person(text), name);
        }
    }

    #[test]
    fn a_document_survives_its_own_end_marks() {
        let mut draft = Draft::default();
        draft.title.offer(0, "a ]]> b".to_owned());
        let mut document = Document::new(0);
        document.item(&draft);
        let text = document.finish(&Head::default());
        assert!(text.contains("<![CDATA[a ]]]]><![CDATA[> b]]>"), "{text}");
    }
}
