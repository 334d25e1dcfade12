//! The elements that are open, as far down as nesting is followed.

/// What an open element is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// `rss`, `rdf:RDF`, `channel`, `feed`.
    Feed,
    /// `item`, `entry`.
    Item,
    /// An Atom person, whose name is inside.
    Person,
    /// An element whose text is wanted.
    Leaf,
    /// Markup inside of such an element.
    Markup,
    /// Of no interest, with all inside.
    Skip,
}

/// An open element.
#[derive(Clone, Copy, Debug)]
pub(super) struct Open<'t> {
    pub(super) name: &'t str,
    pub(super) role: Role,
}

/// Deepest nesting that is followed. Real feeds stay under 10, pages inside of them under 40.
const DEEPEST: usize = 64;

/// The open elements, outermost first.
#[derive(Debug, Default)]
pub(super) struct Stack<'t> {
    open: Vec<Open<'t>>,
    /// How many more are open beyond [`DEEPEST`].
    beyond: usize,
}

impl<'t> Stack<'t> {
    pub(super) fn len(&self) -> usize {
        self.open.len()
    }

    /// The innermost element's role; the feed's where nothing is open.
    pub(super) fn role(&self) -> Role {
        self.open.last().map_or(Role::Feed, |open| open.role)
    }

    /// Whether a further element would be too deep.
    pub(super) fn is_full(&self) -> bool {
        self.beyond > 0 || self.open.len() >= DEEPEST
    }

    /// Counts an element that is too deep.
    pub(super) fn pass_over(&mut self, empty: bool) {
        self.beyond += usize::from(!empty);
    }

    pub(super) fn push(&mut self, name: &'t str, role: Role) {
        self.open.push(Open { name, role });
    }

    /// Trusts the depth again, as where an item begins: it never was real nesting then.
    pub(super) fn surface(&mut self) {
        self.beyond = 0;
    }

    /// How many elements an end tag leaves open; nothing where it closes none.
    pub(super) fn closes(&mut self, name: &str) -> Option<usize> {
        if self.beyond > 0 {
            let trusted =
                |open: &Open<'_>| matches!(open.role, Role::Leaf | Role::Item | Role::Feed) && open.name == name;
            if !self.open.iter().any(trusted) {
                self.beyond -= 1;
                return None;
            }
            self.beyond = 0;
        }
        let exact = self.open.iter().rposition(|open| open.name == name);
        exact.or_else(|| self.open.iter().rposition(|open| open.name.eq_ignore_ascii_case(name)))
    }

    /// How many elements stay open outside of the innermost one of a role.
    pub(super) fn outside(&self, role: Role) -> Option<usize> {
        self.open.iter().rposition(|open| open.role == role)
    }

    /// Takes the innermost element where more than `keep` are open.
    pub(super) fn pop_above(&mut self, keep: usize) -> Option<Open<'t>> {
        if self.open.len() > keep { self.open.pop() } else { None }
    }
}
