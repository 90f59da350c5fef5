//! Words in dates that CLDR does not have as names.

/// Words in dates that say nothing by themselves, by language, beside those that CLDR's patterns have.
pub const FILLERS: [(&str, &str); 23] = [
    ("ar", "في الساعة يوم تمام"),
    ("cs", "v hod hodin"),
    ("da", "den d kl"),
    ("de", "am den um uhr"),
    ("el", "στις"),
    ("es", "a de del el h horas hs la las"),
    ("fa", "ساعت میلادی"),
    ("fi", "klo"),
    ("fr", "a er h heures le à"),
    ("he", "בשעה"),
    ("hi", "को बजे"),
    ("it", "alle del h il le ore"),
    ("ja", "西暦"),
    ("nb", "den kl klokken"),
    ("nl", "op om u uur"),
    ("pl", "dnia g godz godzina o r roku"),
    ("pt", "a as de dia do em h horas às"),
    ("ru", "в г год года ч"),
    ("sv", "den kl klockan"),
    ("th", "ที่ เมื่อ เวลา น วันที่ พ.ศ ค.ศ"),
    ("tr", "saat günü tarihinde"),
    ("uk", "о об р рік року"),
    ("zh", "公元 西元 於 于"),
];

/// Halves of the day beside those of CLDR: text, and true for the afternoon.
pub const HALVES: [(&str, &str, bool); 7] = [
    ("zh", "凌晨", false),
    ("zh", "清晨", false),
    ("zh", "早上", false),
    ("zh", "中午", true),
    ("zh", "傍晚", true),
    ("zh", "晚上", true),
    ("ar", "مساء", true),
];
