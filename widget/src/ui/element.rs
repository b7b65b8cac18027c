//! Elements of the page with one concrete type.
//!
//! Leptos' `view!` gives each shape of markup a type of its own, and each type its own copy of the code that builds,
//! rebuilds and unmounts it: for these screens that was more code than all the rest of the UI. A screen here is drawn
//! once and its live parts are few, so an element is made at once and what is live is a `RenderEffect` under the owner
//! of the place where it is drawn. Signals, owners, effects and mounting are Leptos'. Texts go through text nodes and
//! attributes only: there is no way from here to an HTML sink.

use std::{any::Any, cell::RefCell, rc::Rc};

use leptos::{
    prelude::*,
    tachys::{
        renderer::types,
        view::{Mountable, Render},
    },
};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, Event, EventTarget, Node};

/// An element, with what is under it.
#[must_use]
pub(crate) struct El(Element);

/// A new element; an unknown tag is an unknown element, as in HTML.
pub(crate) fn el(tag: &str) -> El {
    El(leptos::tachys::renderer::dom::Dom::create_element(tag, None))
}

/// An element with a class and a text, which is what most are.
pub(crate) fn text_el(tag: &str, class: &str, text: &str) -> El {
    el(tag).class(class).text(text)
}

impl El {
    pub(crate) fn class(self, class: &str) -> Self {
        self.attr("class", class)
    }

    pub(crate) fn attr(self, name: &str, value: &str) -> Self {
        let _ = self.0.set_attribute(name, value);
        self
    }

    pub(crate) fn attr_if(self, is_set: bool, name: &str, value: &str) -> Self {
        if is_set { self.attr(name, value) } else { self }
    }

    pub(crate) fn text(self, text: &str) -> Self {
        self.append(&text_node(text))
    }

    pub(crate) fn child(self, child: Self) -> Self {
        self.append(&child.0)
    }

    pub(crate) fn children(self, children: Vec<Self>) -> Self {
        children.into_iter().fold(self, Self::child)
    }

    pub(crate) fn maybe(self, child: Option<Self>) -> Self {
        self.children(child.into_iter().collect())
    }

    fn append(self, node: &Node) -> Self {
        let _ = self.0.append_child(node);
        self
    }

    /// An attribute that follows a signal; `None` takes it off.
    pub(crate) fn live_attr(self, name: &'static str, value: impl Fn() -> Option<String> + 'static) -> Self {
        follow_attr(&self.0, name, Box::new(value));
        self
    }

    /// A flag among the attributes that follows a signal.
    pub(crate) fn live_flag(
        self,
        name: &'static str,
        value: &'static str,
        is_set: impl Fn() -> bool + 'static,
    ) -> Self {
        self.live_attr(name, move || is_set().then(|| value.to_owned()))
    }

    /// A further class that follows a signal.
    pub(crate) fn live_class(self, class: &'static str, is_on: impl Fn() -> bool + 'static) -> Self {
        follow_class(&self.0, class, Box::new(is_on));
        self
    }

    /// A text that follows a signal. It keeps its node, and a text that stays the same is not touched.
    pub(crate) fn live_text(self, text: impl Fn() -> String + 'static) -> Self {
        let node = text_node("");
        follow_text(node.clone(), Box::new(text));
        self.append(&node)
    }

    /// Children that are drawn anew when what they are drawn from has another value; what is live in them goes with
    /// them. A memo would do the same for three times the code.
    pub(crate) fn live_children<T: PartialEq + 'static>(
        self,
        value: impl Fn() -> T + 'static,
        draw: impl Fn(&T) -> Vec<Self> + 'static,
    ) -> Self {
        let end = text_node("");
        let this = self.append(&end);
        let last = Rc::new(RefCell::new(None));
        let drawn_from = Rc::clone(&last);
        let is_changed = move || {
            let now = Some(value());
            let is_changed = *last.borrow() != now;
            if is_changed {
                last.replace(now);
            }
            is_changed
        };
        let draw = move || drawn_from.borrow().as_ref().map(&draw).unwrap_or_default();
        follow_children(end, Box::new(is_changed), Box::new(draw));
        this
    }

    /// Calls `run` at each event, for as long as the place where this is drawn exists.
    pub(crate) fn on(self, event: &'static str, run: impl FnMut(Event) + 'static) -> Self {
        keep(Box::new(Listener::new(self.0.clone().into(), event, Box::new(run))));
        self
    }
}

fn follow_attr(element: &Element, name: &'static str, value: Box<dyn Fn() -> Option<String>>) {
    let element = element.clone();
    live(Box::new(move || {
        let _ = match value() {
            Some(value) if element.get_attribute(name).as_ref() == Some(&value) => Ok(()),
            Some(value) => element.set_attribute(name, &value),
            None => element.remove_attribute(name),
        };
    }));
}

fn follow_class(element: &Element, class: &'static str, is_on: Box<dyn Fn() -> bool>) {
    let classes = element.class_list();
    live(Box::new(move || {
        let _ = classes.toggle_with_force(class, is_on());
    }));
}

fn follow_text(node: Node, text: Box<dyn Fn() -> String>) {
    live(Box::new(move || {
        let text = text();
        if node.text_content().as_ref() != Some(&text) {
            node.set_text_content(Some(&text));
        }
    }));
}

/// `end` marks the place: what is drawn stands before it.
fn follow_children(end: Node, is_changed: Box<dyn Fn() -> bool>, draw: Box<dyn Fn() -> Vec<El>>) {
    let drawn: RefCell<Vec<Element>> = RefCell::default();
    // Not the effect's own: what is live in the children outlives a run that draws nothing.
    let owner = Owner::current().unwrap_or_default().child();
    live(Box::new(move || {
        if !is_changed() {
            return;
        }
        let children = owner.with_cleanup(|| untrack(&draw));
        for old in drawn.take() {
            old.remove();
        }
        for child in &children {
            if let Some(parent) = end.parent_node() {
                let _ = parent.insert_before(&child.0, Some(&end));
            }
        }
        drawn.replace(children.into_iter().map(|child| child.0).collect());
    }));
}

/// Runs now and whenever a signal that was read changes, until the owner goes.
fn live(run: Box<dyn Fn()>) {
    keep(Box::new(RenderEffect::new(move |_: Option<()>| run())));
}

/// Keeps something until the owner of this place goes.
pub(crate) fn keep(thing: Box<dyn Any>) {
    StoredValue::new_local(thing);
}

fn text_node(text: &str) -> Node {
    leptos::tachys::renderer::dom::Dom::create_text_node(text).into()
}

/// An event listener that is taken off when it is dropped.
pub(crate) struct Listener {
    target: EventTarget,
    event: &'static str,
    closure: Closure<dyn FnMut(Event)>,
}

impl Listener {
    pub(crate) fn new(target: EventTarget, event: &'static str, run: Box<dyn FnMut(Event)>) -> Self {
        let closure = Closure::wrap(run);
        let _ = target.add_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
        Self { target, event, closure }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let callback = self.closure.as_ref().unchecked_ref();
        let _ = self.target.remove_event_listener_with_callback(self.event, callback);
    }
}

/// What Leptos keeps of a mounted element.
pub(crate) struct Mounted(Element);

impl Render for El {
    type State = Mounted;

    fn build(self) -> Mounted {
        Mounted(self.0)
    }

    fn rebuild(self, state: &mut Mounted) {
        let _ = state.0.replace_with_with_node_1(&self.0);
        state.0 = self.0;
    }
}

impl Mountable for Mounted {
    fn unmount(&mut self) {
        self.0.remove();
    }

    fn mount(&mut self, parent: &types::Element, marker: Option<&types::Node>) {
        let _ = parent.insert_before(&self.0, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        let parent = self.0.parent_element();
        if let Some(parent) = &parent {
            child.mount(parent, Some(&self.0));
        }
        parent.is_some()
    }

    fn elements(&self) -> Vec<types::Element> {
        vec![self.0.clone()]
    }
}

/// A place in the page that is found later, such as the card that the focus moves in.
#[derive(Clone, Default)]
pub(crate) struct Place(Rc<RefCell<Option<Element>>>);

impl Place {
    pub(crate) fn mark(&self, element: &El) {
        self.0.replace(Some(element.0.clone()));
    }

    pub(crate) fn find(&self, selector: &str) -> Option<Element> {
        self.0.borrow().as_ref()?.query_selector(selector).ok()?
    }
}
