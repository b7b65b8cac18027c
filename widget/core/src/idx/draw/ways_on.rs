//! The ways on from a screen: forms of the same answer that are not open, links to elsewhere, and what stands beside every step.

use std::rc::Rc;

use super::{Press, Setting, View, sendable};
use crate::{
    idx::{
        answer::Answer,
        fields,
        ion::{self, Remediation},
        layout, passkey,
    },
    io::TaskKind,
    screen::{ActionKind, Layout},
    web_address,
};

/// Steps on which going back to sign-in means nothing, since one is there or must decide first (idx.md section 7).
const WITHOUT_CANCEL: [&str; 7] = [
    "identify",
    "enroll-profile",
    "consent",
    "admin-consent",
    "granular-consent",
    "email-challenge-consent",
    "user-code",
];

impl View {
    pub(super) fn add_ways_on(&mut self, answer: &Answer, open: usize, setting: Setting<'_>) {
        let primary = answer.remediations.get(open).map_or("", |primary| primary.name.as_str());
        if open > 0 {
            self.add(ActionKind::Back, None, Press::Open(0));
        }
        for (index, remediation) in answer.remediations.iter().enumerate() {
            // A form that is open has its own button, a redirect has only its link; the way to the first one is "back".
            let is_drawn = index == open && !remediation.is_get && self.screen.layout != Layout::Message;
            let is_drawn = is_drawn || (index == 0 && open > 0);
            if !is_drawn && !layout::is_silent(&remediation.name) {
                let added = self.screen.actions.len();
                self.add_remediation(answer, (index, remediation), primary, setting);
                for action in self.screen.actions.iter_mut().skip(added) {
                    action.label = ion::text(&remediation.source, "label");
                    action.opens_tab = ion::exact(&remediation.source, "target").as_deref() == Some("_blank");
                }
            }
        }
        for action in &answer.actions {
            self.add_action(action, primary, setting);
        }
    }

    fn add_remediation(
        &mut self,
        answer: &Answer,
        (index, remediation): (usize, &Rc<Remediation>),
        primary: &str,
        setting: Setting<'_>,
    ) {
        if remediation.is_get {
            return self.add_redirect(remediation, primary, setting);
        }
        let Some(kind) = kind_of(remediation, primary) else { return };
        if remediation.name == "launch-passkeys-authenticator" {
            let form = sendable(remediation, setting.issuer_origin).ok();
            let job = form.and_then(|form| passkey::discovery(answer, form, TaskKind::UsePasskey));
            return self.add_job(kind, job);
        }
        if fields::is_asking(remediation) {
            return self.add(kind, None, Press::Open(index));
        }
        self.add_sendable(kind, remediation, setting);
    }

    fn add_sendable(&mut self, kind: ActionKind, form: &Rc<Remediation>, setting: Setting<'_>) {
        match sendable(form, setting.issuer_origin) {
            Ok(form) => self.add(kind, None, Press::Send(form)),
            Err(error) => self.refused.push(error),
        }
    }

    fn add_redirect(&mut self, remediation: &Rc<Remediation>, primary: &str, setting: Setting<'_>) {
        let link = Some(&remediation.href).filter(|href| web_address::is_linkable(href));
        let Some(href) = link.cloned().or_else(|| self.address_of(remediation, setting)) else { return };
        if let Some(kind) = kind_of_redirect(remediation, primary) {
            self.add(kind, None, Press::Leave(href));
        }
    }

    fn add_action(&mut self, action: &Rc<Remediation>, primary: &str, setting: Setting<'_>) {
        match action.name.as_str() {
            "recover" => self.add_sendable(ActionKind::Recover, action, setting),
            "resend" => self.add_sendable(ActionKind::Resend, action, setting),
            "send" => self.add_sendable(ActionKind::Send, action, setting),
            "cancel" if !WITHOUT_CANCEL.contains(&primary) => {
                let cancel = sendable(action, setting.issuer_origin).ok();
                self.add(ActionKind::StartOver, None, Press::StartOver(cancel));
            }
            // `poll` sends itself, `context` and `cancel-polling` are not for people.
            _ => {}
        }
    }
}

fn kind_of(remediation: &Remediation, primary: &str) -> Option<ActionKind> {
    let choices = remediation.fields.iter().map(|field| field.options.len()).max().unwrap_or_default();
    Some(match remediation.name.as_str() {
        "select-enroll-profile" => ActionKind::SignUp,
        "select-identify" if primary == "identify" => return None,
        "select-identify" | "identify" => ActionKind::SignIn,
        "recover" => ActionKind::Recover,
        "unlock-account" => ActionKind::Unlock,
        "select-authenticator-authenticate" if choices < 2 => return None,
        "select-authenticator-authenticate" => ActionKind::VerifyOtherwise,
        "select-authenticator-enroll" => ActionKind::EnrollOtherwise,
        "select-enrollment-channel" => ActionKind::OtherChannel,
        "skip" => ActionKind::Skip,
        "resend" => ActionKind::Resend,
        "launch-authenticator" => ActionKind::DeviceSignIn,
        "launch-passkeys-authenticator" | "launch-webauthn-authenticator" => ActionKind::PasskeySignIn,
        "launch-nfc-authenticator" => ActionKind::CardSignIn,
        "enroll-webauthn-residentkey" => ActionKind::SetUpPasskey,
        "help" => ActionKind::Help,
        other => match &remediation.provider {
            Some(provider) => provider_kind(provider),
            None => ActionKind::Other(other.to_owned()),
        },
    })
}

fn kind_of_redirect(redirect: &Remediation, primary: &str) -> Option<ActionKind> {
    match &redirect.provider {
        Some(provider) if redirect.name == "redirect-idverify" => {
            Some(ActionKind::ProveIdentity(provider.name.clone()))
        }
        Some(provider) if provider.provider_type == "X509" => Some(ActionKind::SmartCard),
        _ => kind_of(redirect, primary),
    }
}

fn provider_kind(provider: &ion::Provider) -> ActionKind {
    ActionKind::Provider { name: provider.name.clone(), provider_type: provider.provider_type.clone() }
}
