//! Telephone numbers: the calling codes of the world, and E.164 from what people type. Names of countries are the
//! platform's to tell.

/// ISO 3166-1 code and calling code, one after the other (ITU-T E.164 list of assigned country codes).
const COUNTRIES: &str = "AC247AD376AE971AF93AG1AI1AL355AM374AO244AR54AS1AT43AU61AW297AX358AZ994BA387BB1BD880BE32BF226BG359\
BH973BI257BJ229BL590BM1BN673BO591BQ599BR55BS1BT975BW267BY375BZ501CA1CC61CD243CF236CG242CH41CI225CK682CL56CM237CN86CO57\
CR506CU53CV238CW599CX61CY357CZ420DE49DJ253DK45DM1DO1DZ213EC593EE372EG20EH212ER291ES34ET251FI358FJ679FK500FM691FO298FR33\
GA241GB44GD1GE995GF594GG44GH233GI350GL299GM220GN224GP590GQ240GR30GT502GU1GW245GY592HK852HN504HR385HT509HU36ID62IE353\
IL972IM44IN91IO246IQ964IR98IS354IT39JE44JM1JO962JP81KE254KG996KH855KI686KM269KN1KP850KR82KW965KY1KZ7LA856LB961LC1LI423\
LK94LR231LS266LT370LU352LV371LY218MA212MC377MD373ME382MF590MG261MH692MK389ML223MM95MN976MO853MP1MQ596MR222MS1MT356MU230\
MV960MW265MX52MY60MZ258NA264NC687NE227NF672NG234NI505NL31NO47NP977NR674NU683NZ64OM968PA507PE51PF689PG675PH63PK92PL48\
PM508PR1PS970PT351PW680PY595QA974RE262RO40RS381RU7RW250SA966SB677SC248SD249SE46SG65SH290SI386SJ47SK421SL232SM378SN221\
SO252SR597SS211ST239SV503SX1SY963SZ268TA290TC1TD235TG228TH66TJ992TK690TL670TM993TN216TO676TR90TT1TV688TW886TZ255UA380\
UG256US1UY598UZ998VA39VC1VE58VG1VI1VN84VU678WF681WS685XK383YE967YT262ZA27ZM260ZW263";

/// Where a leading zero is part of the number and not the national prefix.
const WITH_ZERO: [&str; 2] = ["39", "378"];

/// Every country with its calling code, by ISO code.
pub fn countries() -> Vec<(&'static str, &'static str)> {
    let mut rest = COUNTRIES;
    let mut all = Vec::new();
    while let Some((country, after)) = rest.split_at_checked(2) {
        let end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
        let Some((calling_code, next)) = after.split_at_checked(end) else { break };
        all.push((country, calling_code));
        rest = next;
    }
    all
}

/// The number in E.164, with an extension after `x`; empty where nothing was typed. A number that begins with `+` says
/// its country itself.
pub fn e164(calling_code: &str, typed: &str, extension: &str) -> String {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let national = digits(typed);
    if national.is_empty() {
        return String::new();
    }
    let number = match typed.trim_start().strip_prefix('+') {
        Some(_) => national,
        None if WITH_ZERO.contains(&calling_code) => format!("{calling_code}{national}"),
        None => format!("{calling_code}{}", national.strip_prefix('0').unwrap_or(&national)),
    };
    let extension = digits(extension);
    if extension.is_empty() { format!("+{number}") } else { format!("+{number}x{extension}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_country_has_a_calling_code() {
        let all = countries();
        assert_eq!(all.len(), 245);
        let of = |country: &str| all.iter().find(|(code, _)| *code == country).map(|(_, calling)| *calling);
        assert_eq!(
            (of("CH"), of("US"), of("ZW"), of("AC")),
            (Some("41"), Some("1"), Some("263"), Some("247"))
        );
        assert!(all.iter().all(|(_, calling)| (1..=3).contains(&calling.len())));
    }

    #[test]
    fn numbers_become_e164_however_they_are_typed() {
        for (calling, typed, extension, expected) in [
            ("41", "044 668 18 00", "", "+41446681800"),
            ("1", "(555) 010-9999", "12", "+15550109999x12"),
            ("39", "06 1234", "", "+39061234"),
            ("41", "+49 30 1234", "", "+49301234"),
            ("41", "  ", "7", ""),
        ] {
            assert_eq!(e164(calling, typed, extension), expected, "{typed}");
        }
    }
}
