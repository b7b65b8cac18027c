//! Nothing to do here but wait: another device, another tab, an app or this device itself has its turn.

use latchkey_core::{Screen, screen::Awaiting};

use super::{El, Key, Ui, actions, alert, exhibits, fill, header, name_of, named_title, text, text_el};
use crate::ui::element::el;

pub(super) fn draw(ui: Ui, screen: &Screen, awaiting: Awaiting) -> Vec<El> {
    let (title, told) = words(awaiting);
    let name = name_of(screen).unwrap_or_else(|| text(Key::WaitingAppName));
    let title = if title == Key::WaitingScanTitle {
        named_title(screen, title, Key::GenericTitle)
    } else {
        text(title).to_owned()
    };
    let waiting = el("div")
        .class("latchkey-waiting")
        .child(el("span").class("latchkey-spinner").attr("aria-hidden", "true"))
        .child(text_el("p", "latchkey-waiting__text", &fill(told, name)));
    let mut drawn = vec![header::draw(ui, screen, &title, true), alert::draw(ui)];
    let shown = exhibits::draw(ui, &screen.exhibits);
    // The number to pick is what the person came for; all else comes after what it is about.
    match awaiting {
        Awaiting::Approval => drawn.extend(shown.into_iter().chain([waiting])),
        _ => drawn.extend([waiting].into_iter().chain(shown)),
    }
    drawn.push(actions::draw(ui));
    drawn
}

const fn words(awaiting: Awaiting) -> (Key, Key) {
    match awaiting {
        Awaiting::Approval => (Key::WaitingApprovalTitle, Key::WaitingApprovalText),
        Awaiting::Scan => (Key::WaitingScanTitle, Key::WaitingScanText),
        Awaiting::MailedLink => (Key::WaitingScanTitle, Key::WaitingMailedText),
        Awaiting::TextedLink => (Key::WaitingScanTitle, Key::WaitingTextedText),
        Awaiting::ThisDevice => (Key::WaitingScanTitle, Key::WaitingThisDeviceText),
        Awaiting::OtherDevice => (Key::WaitingScanTitle, Key::WaitingOtherDeviceText),
        Awaiting::Card => (Key::WaitingCardTitle, Key::WaitingCardText),
        Awaiting::Probe => (Key::WaitingProbeTitle, Key::WaitingProbeText),
        Awaiting::App => (Key::WaitingAppTitle, Key::WaitingAppText),
        Awaiting::Recovery => (Key::WaitingRecoveryTitle, Key::WaitingRecoveryText),
        Awaiting::Nothing => (Key::WaitingNothingTitle, Key::WaitingNothingText),
    }
}
