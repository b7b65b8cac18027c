//! Screens that are a title, a sentence and a button or two.

use super::{Key, Page};

/// Stay signed in on this device?
pub(super) fn stay_page() -> Page {
    Page::new(Key::StayTitle, Key::CommonContinue).with_intro(Key::StayIntro)
}

/// The code that a television or a terminal shows (RFC 8628).
pub(super) fn device_code_page() -> Page {
    Page::new(Key::DeviceCodeTitle, Key::DeviceCodeSubmit).with_intro(Key::DeviceCodeIntro)
}

/// A link of an activation e-mail was used too late.
pub(super) fn activation_page() -> Page {
    Page::new(Key::ActivationTitle, Key::ActivationSubmit).with_intro(Key::ActivationIntro)
}

/// What is wrong with the device, while it may still be used.
pub(super) fn warning_page() -> Page {
    Page::new(Key::WarningTitle, Key::WarningSubmit)
}

/// A notification was not approved; what the server says is above.
pub(super) fn resend_page() -> Page {
    Page::new(Key::ResendTitle, Key::ResendSubmit)
}

/// The app on this device signs the person in.
pub(super) fn device_sign_in_page() -> Page {
    Page { is_person_known: false, ..Page::new(Key::IdentifyTitle, Key::ActionDeviceSignIn) }
}

/// The device has to be set up, by an app or by the organisation.
pub(super) fn device_set_up_page(is_managed: bool) -> Page {
    let intro = if is_managed { Key::DeviceSetUpTextManaged } else { Key::DeviceSetUpTextApp };
    Page::new(Key::DeviceSetUpTitle, Key::CommonContinue).with_intro(intro)
}
