//! The first page: the three levels of protection, side by side.

use maud::{Markup, html};

use super::page;
use crate::person::Visitor;
use crate::return_to::ReturnTo;

pub(crate) async fn home(Visitor(person): Visitor) -> Markup {
    let main = html! {
        h1.ways__title { "Three doors" }
        p.ways__lead {
            "This application is rendered on its server and has no script. People sign in on the identity server’s page and come "
            "back to where they were. "
            @match &person {
                Some(person) => { "You are signed in as " strong { (person.name()) } "." }
                None => { "You are not signed in." }
            }
        }
        ul.ways.doors {
            (door("All pages", "Everything below /workshop is for members. Go to any of its pages and you are asked to sign in first.",
                &[("/workshop", "The workshop"), ("/workshop/tools?shelf=2", "Its tools, second shelf")]))
            (door("Some pages", "The shop is open to everybody. Only your orders are yours.",
                &[("/shop", "The shop"), ("/shop/orders", "Your orders")]))
            (door("Sign-in on demand", "Everybody sees which stands are free. You are asked to sign in when you reserve one.",
                &[("/stands", "The stands")]))
        }
    };
    page("Three doors", person.as_ref(), &ReturnTo::home(), &main)
}

fn door(title: &str, text: &str, places: &[(&str, &str)]) -> Markup {
    html! {
        li.panel {
            h2.panel__title { (title) }
            p { (text) }
            ul.places {
                @for (address, name) in places { li { a href=(address) { (name) } } }
            }
        }
    }
}
