//! The Latchkey sign-in widget: `latchkey-core` drawn with Leptos and driven by a browser.
//!
//! Modules in reading order: [`api`] is the border to JavaScript, [`options`] reads what came over it, [`driver`] performs
//! what the core asks for, [`platform`] is the browser's part of that, [`ui`] draws the current screen and reports what
//! the person did. The UI knows neither the flow nor the platform, the platform knows neither the flow nor the UI.

pub mod api;
mod driver;
mod options;
mod platform;
mod ui;
