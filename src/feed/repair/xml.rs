//! The pass over RSS and Atom: follows the nesting as far as it can be trusted and gathers the wanted texts.

use super::draft::{Document, Draft, Head};
use super::entity::decoded;
use super::leaf::{Leaf, alternate, is_foreign};
use super::names::{Dialect, Field, Ns, fill_head, fill_item, head_field, is_void, item_field};
use super::root::Root;
use super::scope::{Resolved, Scopes};
use super::stack::{Role, Stack};
use super::token::{Token, Tokens, attributes, lower, names_an_item};
use super::{MOST_ITEMS, Repaired, Repairs};
use crate::model::feed::FeedFormat;
use url::Url;

/// Why a document is no feed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NoFeed {
    /// It is an HTML page.
    Page,
    /// Its root element is of another kind.
    Root(String),
    /// There is no element in it.
    Nothing,
}

/// Repairs an XML document.
pub(super) fn repair(text: &str, repairs: Repairs) -> Result<Repaired, NoFeed> {
    let mut tokens = Tokens::new(text);
    let mut pass = Pass::new(text.len(), repairs);
    let mut cut = false;
    while let Some(token) = tokens.next() {
        match token {
            Token::Text(raw) => pass.text(raw, true),
            Token::CData(data) => pass.text(data, false),
            Token::Open(name, attributes, empty) => pass.open(name, attributes, empty),
            Token::Close(name) => pass.close(name),
            Token::Doctype(name) => pass.html |= name.eq_ignore_ascii_case("html"),
            Token::Cut => cut = true,
        }
        if pass.root.is_none() && (pass.page || tokens.at() > SEARCH) {
            break;
        }
    }
    pass.finish(text, cut)
}

/// How far into a document its root is sought.
const SEARCH: usize = 65_536;
/// Longest prefix that is named in a repair.
const PREFIX: usize = 24;

#[derive(Debug)]
struct Pass<'t> {
    document: Document,
    repairs: Repairs,
    root: Option<Root<'t>>,
    page: bool,
    /// Whether it calls itself a page; feeds are met that do.
    html: bool,
    /// Name of the first element.
    first: Option<&'t str>,
    scopes: Scopes<'t>,
    stack: Stack<'t>,
    head: Head,
    item: Option<Draft>,
    leaf: Option<Leaf>,
    item_base: Option<Url>,
    /// How many items have ended, and how many of them went into the document.
    items: usize,
    written: usize,
}

impl<'t> Pass<'t> {
    fn new(size: usize, repairs: Repairs) -> Self {
        Self {
            document: Document::new(size),
            repairs,
            root: None,
            page: false,
            html: false,
            first: None,
            scopes: Scopes::default(),
            stack: Stack::default(),
            head: Head::default(),
            item: None,
            leaf: None,
            item_base: None,
            items: 0,
            written: 0,
        }
    }

    fn finish(mut self, text: &str, cut: bool) -> Result<Repaired, NoFeed> {
        let Some(dialect) = self.dialect() else {
            return Err(match self.first {
                _ if self.page || self.html => NoFeed::Page,
                Some(first) => NoFeed::Root(first.chars().take(PREFIX).collect()),
                None => NoFeed::Nothing,
            });
        };
        if cut || self.stack.len() > 0 {
            self.repairs.note("truncated");
        }
        // An item cut in the middle of a text would be remembered by half a sentence; it is whole the next time.
        if cut || self.leaf.is_some() {
            self.item = None;
        }
        self.end_item();
        let format = if dialect == Dialect::Rss { FeedFormat::Rss } else { FeedFormat::Atom };
        let document = self.document.finish(&self.head);
        let hints = self.head.wishes.hints();
        let promised = self.written == 0 && (self.items > 0 || names_an_item(text));
        Ok(Repaired { document, format, repairs: self.repairs.0, promised, hints })
    }

    fn dialect(&self) -> Option<Dialect> {
        self.root.as_ref().map(|root| root.dialect)
    }

    fn open(&mut self, name: &'t str, attrs: &'t str, empty: bool) {
        if self.stack.is_full() {
            self.repairs.note("nesting");
            if !self.begins_item(name) {
                return self.stack.pass_over(empty);
            }
        }
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        let local = lower(local);
        if attrs.len() > 6 && attrs.contains("xmlns") {
            self.scopes.enter(self.stack.len() + 1, attributes(attrs));
        }
        let role = match self.dialect() {
            None => self.root(name, prefix, &local, attrs),
            Some(dialect) => self.role(dialect, name, prefix, &local, attrs),
        };
        if let Some(role) = role {
            if empty || (role == Role::Markup && is_void(&local)) {
                self.end(role, name);
                self.scopes.leave(self.stack.len());
            } else {
                self.stack.push(name, role);
            }
        }
    }

    /// The root element, or one that merely wraps it.
    fn root(&mut self, name: &'t str, prefix: &'t str, local: &str, attrs: &'t str) -> Option<Role> {
        self.first = self.first.or(Some(name));
        if local == "html" || (matches!(local, "head" | "body") && self.first == Some(name)) {
            self.page = true;
            return None;
        }
        let root = Root::read(prefix, local, attrs, &self.scopes)?;
        if self.first != Some(name) {
            self.repairs.note("prologue");
        }
        if let Some(repair) = root.repair {
            self.repairs.note(repair);
        }
        self.head.language.offer(2, root.language.clone());
        self.head.link.offer(1, root.link.clone());
        self.root = Some(root);
        if local == "entry" {
            self.begin_item(attrs);
            return Some(Role::Item);
        }
        Some(Role::Feed)
    }

    /// What an element inside of the feed is; nothing where it is not to be kept on the stack.
    fn role(&mut self, dialect: Dialect, name: &'t str, prefix: &str, local: &str, attrs: &'t str) -> Option<Role> {
        if self.begins_item(name) {
            self.begin_item(attrs);
            return Some(Role::Item);
        }
        let parent = self.stack.role();
        if let Some(draft) = self.item.as_mut().filter(|_| parent == Role::Item) {
            draft.children = true;
        }
        if parent == Role::Skip {
            return Some(Role::Skip);
        }
        let ns = self.namespace(prefix);
        if parent == Role::Leaf || parent == Role::Markup {
            let sibling = ns == Some(Ns::Own)
                && self.item.is_some()
                && self.leaf.as_ref().is_some_and(|leaf| leaf.field.is_bare())
                && item_field(dialect, Ns::Own, local).is_some();
            if !sibling {
                if let Some(leaf) = &mut self.leaf {
                    leaf.open(local, attrs);
                }
                return Some(Role::Markup);
            }
            // The end tag of the element before was forgotten.
            self.close_above(self.stack.outside(Role::Leaf));
        }
        let Some(ns) = ns else { return Some(Role::Skip) };
        match self.stack.role() {
            Role::Person if matches!(local, "name" | "email") => {
                Some(self.leaf(Field::Author, u8::from(local == "email") * 2, attrs))
            }
            Role::Item => Some(self.item_element(dialect, ns, local, attrs)),
            Role::Feed => Some(self.head_element(ns, local, attrs)),
            _ => Some(Role::Skip),
        }
    }

    /// The namespace of a prefix; nothing where its elements are to be dropped.
    fn namespace(&mut self, prefix: &str) -> Option<Ns> {
        let ns = match self.scopes.resolve(prefix) {
            Resolved::Known(ns) => ns,
            Resolved::Supplied(ns) => {
                if !matches!(ns, Ns::Dropped(_)) {
                    self.repairs.note(&format!("namespace:{}", prefix.to_ascii_lowercase()));
                }
                ns
            }
            Resolved::Undeclared => {
                let named: String = prefix.chars().take(PREFIX).collect();
                self.repairs.note(&format!("namespace:{named}"));
                return None;
            }
        };
        match ns {
            Ns::Dropped(name) => {
                self.repairs.note(&format!("namespace:{name}"));
                None
            }
            ns if self.root.as_ref().is_some_and(|root| root.owns(prefix, ns)) => Some(Ns::Own),
            ns => Some(ns),
        }
    }

    fn head_element(&mut self, ns: Ns, local: &str, attrs: &'t str) -> Role {
        if ns == Ns::Own && matches!(local, "channel" | "rss" | "feed" | "items" | "skiphours" | "skipdays")
            || ns == Ns::Rdf && local == "rdf"
        {
            return Role::Feed;
        }
        if local == "link" && matches!(ns, Ns::Own | Ns::Atom) && attributes(attrs).any(|(key, _)| key == "href") {
            // What is near the page is, for the feed itself, its own address.
            if let Some((href, rank)) = alternate(attrs).filter(|(_, rank)| *rank <= 1) {
                let href = self.resolved(&href);
                self.head.link.offer(rank + u8::from(ns == Ns::Atom), href);
            }
            return Role::Skip;
        }
        match head_field(ns, local) {
            Some((field, rank)) => self.leaf(field, rank, attrs),
            None => Role::Skip,
        }
    }

    fn item_element(&mut self, dialect: Dialect, ns: Ns, local: &str, attrs: &'t str) -> Role {
        if local == "link" && matches!(ns, Ns::Own | Ns::Atom) && attributes(attrs).any(|(key, _)| key == "href") {
            if let Some((href, rank)) = alternate(attrs) {
                let rank = rank + u8::from(dialect == Dialect::Rss);
                let href = self.resolved(&href);
                self.fill(Field::Link, rank, href);
            }
            // RSS that gives the address twice keeps its text too.
            return if dialect == Dialect::Rss && ns == Ns::Own {
                self.leaf(Field::Link, 0, attrs)
            } else {
                Role::Skip
            };
        }
        if local == "author" && (dialect == Dialect::Atom || ns == Ns::Atom) {
            return Role::Person;
        }
        match item_field(dialect, ns, local) {
            Some((Field::Content, _)) if is_foreign(attrs) => Role::Skip,
            Some((field, rank)) => self.leaf(field, rank, attrs),
            None => Role::Skip,
        }
    }

    fn leaf(&mut self, field: Field, rank: u8, attrs: &str) -> Role {
        self.leaf = Some(Leaf::new(field, rank, attrs));
        Role::Leaf
    }

    fn text(&mut self, raw: &str, references: bool) {
        let in_markup = self.stack.role() == Role::Markup;
        if let Some(leaf) = &mut self.leaf {
            leaf.add(raw, references, in_markup, &mut self.repairs);
        }
    }

    fn close(&mut self, name: &str) {
        let kept = self.stack.closes(name);
        self.close_above(kept);
    }

    fn close_above(&mut self, keep: Option<usize>) {
        let Some(keep) = keep else { return };
        while let Some(open) = self.stack.pop_above(keep) {
            self.end(open.role, open.name);
        }
        self.scopes.leave(self.stack.len());
    }

    fn end(&mut self, role: Role, name: &str) {
        match role {
            Role::Leaf => self.end_leaf(),
            Role::Item => self.end_item(),
            Role::Markup => {
                if let Some(leaf) = &mut self.leaf {
                    leaf.close(name);
                }
            }
            Role::Feed | Role::Person | Role::Skip => {}
        }
    }

    fn end_leaf(&mut self) {
        let Some(leaf) = self.leaf.take() else { return };
        let (field, rank, permalink) = (leaf.field, leaf.rank, leaf.permalink);
        let text = leaf.finish();
        if let Some(draft) = self.item.as_mut().filter(|_| field == Field::Id && permalink) {
            let address = text.trim();
            let is_address = address.starts_with("http://") || address.starts_with("https://");
            draft.permalink = draft.permalink.take().or(is_address.then(|| address.to_owned()));
        }
        let text = if field == Field::Link { self.resolved(&text) } else { text };
        self.fill(field, rank, text);
    }

    fn fill(&mut self, field: Field, rank: u8, text: String) {
        match &mut self.item {
            Some(draft) => fill_item(draft, field, rank, text),
            None => fill_head(&mut self.head, field, rank, text),
        }
    }

    /// Whether a start tag begins an item, wherever it stands: no text of an item may hold another item.
    fn begins_item(&self, name: &str) -> bool {
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        let Some(root) = &self.root else { return false };
        let (own, other) = if root.dialect == Dialect::Rss { ("item", "entry") } else { ("entry", "item") };
        // The other dialect's name is met, too; inside of an item it means something else.
        (local.eq_ignore_ascii_case(own) || (local.eq_ignore_ascii_case(other) && self.item.is_none()))
            && match self.scopes.resolve(prefix) {
                Resolved::Known(ns) => root.owns(prefix, ns),
                Resolved::Supplied(ns) => matches!(ns, Ns::Rss | Ns::Atom),
                Resolved::Undeclared => false,
            }
    }

    fn begin_item(&mut self, attrs: &'t str) {
        self.stack.surface();
        // Whatever was left open, in the item before or in the feed's head, is closed by an item's beginning.
        let keep = self.stack.outside(Role::Item).or(self.stack.outside(Role::Feed).map(|feed| feed + 1));
        self.close_above(keep);
        let mut draft = Draft::default();
        self.item_base = None;
        for (key, value) in attributes(attrs) {
            match key.to_ascii_lowercase().as_str() {
                "rdf:about" => draft.id.offer(3, decoded(value)),
                "xml:base" => self.item_base = Url::parse(&self.resolved(&decoded(value))).ok(),
                "href" => draft.link.offer(3, decoded(value)),
                "lastmod" => draft.updated.offer(3, decoded(value)),
                _ => {}
            }
        }
        self.item = Some(draft);
    }

    fn end_item(&mut self) {
        let Some(draft) = self.item.take() else { return };
        self.items += 1;
        if self.items > MOST_ITEMS {
            self.repairs.note("items");
        } else if !draft.is_empty() || draft.children {
            if draft.is_empty() {
                self.repairs.note("blank");
            }
            self.written += 1;
            self.document.item(&draft);
        }
    }

    fn base(&self) -> Option<&Url> {
        self.item_base.as_ref().or(self.root.as_ref().and_then(|root| root.base.as_ref()))
    }

    /// An address made absolute where the document says against what.
    fn resolved(&self, address: &str) -> String {
        let joined = self.base().and_then(|base| base.join(address.trim()).ok());
        joined.map_or_else(|| address.to_owned(), String::from)
    }
}
