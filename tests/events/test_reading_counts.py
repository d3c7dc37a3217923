"""Numbers with what they count, in sentences of our own."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.choices import VERBAL, CueKind, Qualifier
from events.models import Cue, Measure
from events.reading.counts import find
from tests.events.counted import counted, cues, found_in

ARABIC = [
    ("قتل 4 أشخاص وأصيب 7 آخرون بجروح في القصف.", "killed 4; injured 7"),
    ("3 قتلى و5 جرحى بينهم طفلان جراء انفجار", "killed 3; injured 5 (injured 2)"),
    ("مقتل 3 عناصر من قوات النظام في كمين", "killed 3"),
    ("اعتقال قيادي بارز و3 آخرين", "detained 1; detained 3"),
    ("وصلت قافلة تضم نحو 40 آلية عسكرية", "military-vehicles ~40"),
    ("استهدفت طائرتان مسيرتان موقعاً", "drones 2"),
    ("وصلت شاحنتان محملتان بالذخيرة", "trucks 2"),
    ("سقط قتيلان وثلاثة جرحى", "killed 2; injured 3"),
    ("إصابة طفل بانفجار لغم", "injured 1"),
    ("مقتل مدني وإصابة آخر", "killed 1; injured 1"),
    ("قُتل ما لا يقل عن 12 مدنياً", "killed 12.."),
    ("أكثر من 30 مقاتلاً وصلوا إلى المنطقة", "fighters 30.."),
    ("بين 5 و7 شاحنات", "trucks 5..7"),
    ("من 5 إلى 7 شاحنات", "trucks 5..7"),
    ("5-7 شاحنات", "trucks 5..7"),
    ("عشرات الآليات العسكرية", "military-vehicles dozens"),
    ("عدة غارات جوية", "strikes several"),
    ("نزوح مئات المدنيين من القرية", "displaced hundreds"),
    ("في 12 نوفمبر وصلت شاحنات", ""),
    ("اللواء 93 والفرقة 17", ""),
    ("داخل منطقة الـ55", ""),
    ("خلال 24 ساعة الماضية", ""),
    ("ثلاث محافظات", ""),
    ("استهدفت الطائرات الحربية بثلاث غارات مواقع", "strikes 3"),
    ("نفذت الطائرات أربع غارات جوية على بلدة", "strikes 4"),
    ("قتل اليوم شاب برصاص مجهولين", "killed 1"),
    ("اعتقلت دورية تابعة لقوات سوريا الديمقراطية شاباً في بلدة", "detained 1"),
    ("أفرجت قسد عن 12 معتقلاً", "released 12"),
    ("الإفراج عن خمسة وعشرين معتقلا", "released 25"),
    ("مقتل أحد عناصر قوات النظام برصاص قنص", "killed 1"),
    ("سقوط 10 قذائف هاون على الحي", "shells 10"),
    ("قصف بأكثر من 20 صاروخا", "shells 20.."),
    ("عثر على 3 جثث", "killed 3"),
    ("مقتل وإصابة 5 عناصر", "killed ?5"),
    ("تدمير 3 منازل وتضرر 5 منازل أخرى", "houses-destroyed 3; houses-damaged 5"),
    ("ضبط 5 بنادق و3 قنابل", "weapons-seized 5; weapons-seized 3"),
    ("حصيلة القتلى إلى 25", "killed 25"),
    ("ارتفع عدد القتلى إلى 12 بينهم 4 أطفال", "killed 12 (killed 4)"),
    ("اختطاف 3 مدنيين على يد مسلحين", "abducted 3"),
    ("مقتل عنصرين من الفرقة 17", "killed 2"),
    ("وأصيب خمسة عشر شخصا", "injured 15"),
    ("مقتل اثني عشر عنصراً وإصابة إحدى عشرة امرأة", "killed 12; injured 11"),
    ("ألقت القبض على 4 أشخاص", "detained 4"),
    ("4 عناصر من التنظيم اعتقلوا في المداهمة", "detained 4"),
    ("دوت 3 انفجارات عنيفة", "explosions 3"),
    ("دوي انفجارين", "explosions 2"),
    ("خروج رتل مؤلف من 15 آلية بينها 4 دبابات", "vehicles 15; tanks 4"),
    ("سيّرت القوات دوريتين", "patrols 2"),
    ("قتل 3 رعاة أغنام", "killed 3"),
    ("أسفر عن مقتل 4 وإصابة 7", "killed 4; injured 7"),
    ("فقدان 6 مدنيين", "missing 6"),
    ("لم يسجل سقوط قتلى", ""),
    ("عمره 15 عاما", ""),
    ("بنسبة 30%", ""),
    ("بقيمة 500 دولار", ""),
    ("مـ ـقـ ـتل 4 أشخاص", "killed 4"),
    ("اعتـ ـقال 3 أشخاص", "detained 3"),
    ("3 أشخاص على الأقل قتلوا", "killed 3.."),
    ("مقتل 4 مدنيين على الأقل", "killed 4.."),
    ("مقتل رجل وامرأة وطفلين", "killed 1; killed 1; killed 2"),
    ("استشهاد مدنيين اثنين", "killed 2"),
    ("شاحنة واحدة دخلت", "trucks 1"),
    ("قتيل و3 جرحى", "killed 1; injured 3"),
    ("3 قتلى وجريح", "killed 3; injured 1"),
    ("1. تعزيز القدرات", ""),
    ("ثلاثة آلاف نازح", "displaced 3000"),
    ("25 ألف نازح", "displaced 25000"),
    ("قتل عنصر وجرح اثنان آخران", "killed 1; injured 2"),
    ("هبطت طائرتا شحن", "cargo-aircraft 2"),
    ("حلقت مروحيتان أمريكيتان", "helicopters 2"),
    ("أسقطت الدفاعات 3 طائرات مسيرة", "drones 3"),
    ("دخلت 40 شاحنة وصهريجا", "trucks 40"),
    ("20 قتيلاً وجريحاً", "killed ?20"),
    ("قتل 10 أشخاص 3 منهم أطفال", "killed 10"),
    ("قتل 3 منهم في الاشتباك", "killed 3"),
    ("بين قتيل وجريح", ""),
    ("3 مسلحين قتلوا شخصين", "fighters 3; killed 2"),
    ("قتل مدني على يد 3 مسلحين", "killed 1; fighters 3"),
    ("كما قضى عنصر من قوات النظام متأثراً بجراحه، وقتل آخر برصاص قناص.", "killed 1; killed 1"),
    (
        "بلغ عدد العمليات التي نفذتها الخلايا 120 عملية، أدت إلى مقتل 67 من العسكريين و11 مدنياً.",
        "operations 120; killed 67; killed 11",
    ),
    ("أطلقت الفصائل سراح 5 مختطفين مقابل فدية قدرها 10 آلاف دولار.", "released 5"),
    ("اعتقلت قوات سوريا الديمقراطية 6 أشخاص، من بينهم امرأة، بتهمة التعامل.", "detained 6 (detained 1)"),
    ("اختطف مجهولون مواطناً من أبناء البلدة واقتادوه.", "abducted 1"),
    ("هدمت الجرافات 10 منازل وألحقت أضراراً بنحو 20 منزلاً.", "houses-destroyed 10; houses-damaged ~20"),
    ("قُتل 4 من عناصر المجموعة وأُسر 2 آخران.", "killed 4; detained 2"),
    ("مقتل ضابط برتبة عقيد وثلاثة جنود.", "killed 1; killed 3"),
    ("اعتقلت القوة اثنين من العاملين في التهريب.", "detained 2"),
    ("مقتل 14 شخصاً، هم 5 مدنيين و9 من القوات المحلية.", "killed 14; killed 5; killed 9"),
    ("ما أدى إلى مقتل عنصرين وإصابة ثالث.", "killed 2; injured 1"),
    ("داهمت القوات 4 منازل في البلدة.", ""),
    ("سقط العشرات بين قتيل وجريح.", ""),
    ("استهداف 3 نقاط عسكرية و5 مواقع في 4 قرى.", ""),
    ("حلّق سرب من 4 مروحيات و6 طائرات مسيّرة.", "helicopters 4; drones 6"),
    ("دخلت قافلة تتألف من 60 شاحنة و5 مدرعات و3 صهاريج.", "trucks 60; military-vehicles 5; tankers 3"),
    (
        "احترقت 3 سيارات وتضرر 12 منزلاً بشكل جزئي، ودُمر منزلان بالكامل.",
        "vehicles 3; houses-damaged 12; houses-destroyed 2",
    ),
    (
        "بلغت حصيلة القتلى 213 قتيلاً، هم: 120 عسكرياً و93 مدنياً بينهم 15 طفلاً و7 نساء.",
        "killed 213; killed 120; killed 93 (killed 15, killed 7)",
    ),
    ("غادرت نحو 200 عائلة المخيم بعد صدور القرار 2254.", ""),
    ("إن 9 آلاف معتقل محتجزون في 26 سجناً.", "detained 9000"),
    ("قرابة الـ30 شاحنة دخلت.", "trucks ~30"),
    ("25شاحنة و 3دبابات.", "trucks 25; tanks 3"),
    ("مقتل 3 مدنيين من عائلة واحدة (أب وأم وطفلهما).", "killed 3"),
    ("عاد 15 ألف لاجئ عبر 3 معابر.", ""),
]
ENGLISH = [
    ("At least 44 fighters and members and about 20 civilians were killed", "killed 44..; killed ~20"),
    ("57 fighters and members of the factions, jihadis and of the regime forces were killed today", "killed 57"),
    ("11 fighters from the rebel factions killed in the clashes", "killed 11"),
    ("The general, a man from Homs, was among those hurt.", ""),
    ("More than 3,000 people fled villages", "displaced 3000.."),
    ("Units carried out nine raids and repelled 3 attacks", "operations 9; operations 3"),
    ("Coalition warplanes kill 10 citizens of one displaced family", "killed 10"),
    ("6 wounded fighters of the factions", "injured 6"),
    ("After releasing the kidnapped people of the city, factions lose about 25 of their members", ""),
    ("50 fighters arrived and 3 men were killed", "fighters 50; killed 3"),
    ("three soldiers, two civilians and a child were wounded", "injured 3; injured 2; injured 1"),
    ("4 civilians killed in shelling", "killed 4"),
    ("A child was killed and two women injured", "killed 1; injured 2"),
    ("killed in the attack were 4 men", "killed 4"),
    ("killed 4 people and wounded 7 others", "killed 4; injured 7"),
    ("4 people were killed and 7 others wounded", "killed 4; injured 7"),
    ("the arrest of three ISIS members", "detained 3"),
    ("25 trucks crossed the border", "trucks 25"),
    ("a convoy of some 40 military vehicles", "military-vehicles ~40"),
    ("A civilian was killed and a child was wounded", "killed 1; injured 1"),
    ("twenty-five trucks and two dozen soldiers", "trucks 25; fighters 24"),
    ("At least 12 civilians were killed, including 3 children", "killed 12.. (killed 3)"),
    ("up to 20 rockets", "shells ..20"),
    ("between five and seven trucks", "trucks 5..7"),
    ("dozens of trucks arrived", "trucks dozens"),
    ("Three members of the Internal Security Forces were killed and two were wounded", "killed 3; injured 2"),
    ("the death toll rose to 31", "killed 31"),
    ("IS mines kill 21 Turkey-backed rebels in Syria", "killed 21"),
    ("coalition warplanes kill 3 civilians in Der-Ezzor; 30 airstrikes target Hama", "killed 3; strikes 30"),
    ("128 persons were killed yesterday including 10 members of the regime forces", "killed 128 (killed 10)"),
    ("12 were killed yesterday", "killed 12"),
    ("Three cargo planes landed", "cargo-aircraft 3"),
    ("two drone operators met", ""),
    ("division 4 and the 93rd brigade; 55 km zone; on 12 November 2025", ""),
    ("Two drones struck", "drones 2"),
    ("arrested a prominent leader and three others", "detained 1; detained 3"),
    ("conducted three operations", "operations 3"),
    ("The SDF released 40 detainees", "released 40"),
    ("Fewer than 10 fighters", "fighters ..10"),
    ("more than 250 people fled", "displaced 250.."),
    ("kil*led 4 people", "killed 4"),
    ("3 drone strikes killed 2 children", "strikes 3; killed 2"),
    ("killed three shepherds", "killed 3"),
    ("an ISIS commander was arrested", "detained 1"),
    ("More than 40 martyrs and wounded in shells", "killed ?40.."),
    ("raising to 371, the number of people killed", "killed 371"),
    ("kills 8 of the regime forces including 2 officers", "killed 8 (killed 2)"),
    ("34 were killed including a member of the forces and 31 other people", "killed 34 (killed 1, killed 31)"),
    ("more than 40 have been killed and injured so far", "killed ?40.."),
    ("kills a woman and 2 of her children", "killed 1; killed 2"),
    ("a truck arrived", ""),
    ("killed 5 people in 3 strikes", "killed 5; strikes 3"),
    ("A gunman killed three civilians", "killed 3"),
    ("Three gunmen killed two civilians", "fighters 3; killed 2"),
    ("Rebels have killed 5 soldiers", "killed 5"),
    ("One man was killed by three gunmen", "killed 1; fighters 3"),
    ("43 soldiers killed during clashes", "killed 43"),
    ("3 soldiers killed, 5 wounded", "killed 3; injured 5"),
    ("At least 5 dead and 12 injured in blast", "killed 5..; injured 12"),
    ("A US cargo plane landed at the base carrying weapons.", ""),
    ("On September 3, an ISIS commander was killed along with two of his companions.", "killed 1; killed 2"),
    ("The forces detained a man and his two sons.", "detained 1; detained 2"),
    ("A blast killed three children and injured a fourth.", "killed 3; injured 1"),
    ("Some 200 families left the camp after 3 days.", ""),
    (
        "The first convoy, with 12 trucks, arrived at 5:30 on 3 November; the second, 13 trucks, followed.",
        "trucks 12; trucks 13",
    ),
    ("Among the dead were 4 women.", "killed 4"),
    ("They released 12 of the 40 detainees.", "released 12"),
    ("No civilian was killed; no one was injured.", ""),
    ("He was sentenced to 15 years; he is 45 years old.", ""),
    ("1. Three trucks crossed.\n2. Two tanks followed.", "trucks 3; tanks 2"),
]


def wrong_in(table):
    return [(text, expected, got) for text, expected in table if (got := counted(text)) != expected]


def test_what_arabic_sentences_count_is_found_and_nothing_else():
    assert wrong_in(ARABIC) == []


def test_what_english_sentences_count_is_found_and_nothing_else():
    assert wrong_in(ENGLISH) == []


def test_a_narrower_measure_comes_first_and_the_wider_one_beside_it():
    (planes,) = found_in("هبطت ثلاث طائرات شحن عسكرية")
    assert planes.measures == ("cargo-aircraft", "aircraft")
    assert planes.phrase == "ثلاث طائرات شحن"
    (vehicles,) = found_in("a convoy of 40 US military vehicles")
    assert vehicles.measures == ("military-vehicles", "vehicles")


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("ضم الرتل نحو 25 شاحنة للوقود", "نحو 25 شاحنة"),
        ("وبنحو 25 شاحنة", "نحو 25 شاحنة"),
        ("مقتل 4 مدنيين على الأقل اليوم", "4 مدنيين على الأقل"),
        ("اعتقال قيادي بارز و3 آخرين", "قيادي بارز"),
        ("وثلاثة جرحى", "ثلاثة جرحى"),
        ("وطائرتان هبطتا", "طائرتان"),
        ("اعتُقل 4 من أعضاء الخلية", "4 من أعضاء"),
        ("at least 12 Syrian civilians were killed", "at least 12 Syrian civilians"),
        ("مـ ـقـ ـتل 4 أشـ ـخاص", "4 أشـ ـخاص"),
    ],
)
def test_the_phrase_stands_in_the_text_as_worded(text, phrase):
    found = found_in(text)[0]
    assert text[found.start : found.end] == phrase == found.phrase


def test_a_count_says_by_which_rule_and_words_it_was_found():
    told = {
        "مقتل 3 مدنيين": ("count.digits", "مقتل … 3"),
        "مقتل ثلاثة مدنيين": ("count.words", "مقتل … ثلاثة"),
        "هبطت طائرتان": ("count.dual", "طائرتان"),
        "مقتل مدني": ("count.single", "مقتل … مدني"),
        "شاحنة واحدة": ("count.behind", "شاحنة واحدة"),
        "5-7 شاحنات": ("count.range", "5-7"),
        "عشرات الشاحنات": ("count.verbal", "عشرات"),
    }
    assert {text: (found_in(text)[0].rule, found_in(text)[0].word) for text in told} == told


def test_of_whom_is_told_in_the_words_of_the_text():
    text = "اعتقال قيادي بارز في التنظيم و3 آخرين"
    assert [found.label for found in found_in(text)] == ["قيادي بارز", "آخرين"]


def test_a_name_that_tells_whose_they_are_lies_in_the_stretch_for_it():
    text = "اعتُقل 4 عناصر من داعش، ثم غادر الرتل"
    begin, end = found_in(text)[0].party
    assert text[begin:end] == "4 عناصر من داعش"


def test_what_is_counted_among_others_is_a_part_and_never_added():
    (whole,) = found_in("killed 12 civilians, including three children and two women")
    assert (whole.best, [part.best for part in whole.parts], whole.parts[0].label) == (12, [3, 2], "children")


def test_a_word_for_a_number_has_no_number_made_up():
    for text in ("عشرات القتلى", "مئات النازحين", "عدة غارات", "dozens of trucks", "several airstrikes"):
        (found,) = found_in(text)
        assert (found.low, found.best, found.high) == (None, None, None)
        assert found.qualifier in VERBAL
        assert found.phrase


QUALIFIED = {
    "نحو 20 شاحنة": (None, 20, None, Qualifier.ABOUT),
    "ما لا يقل عن 20 شاحنة": (20, None, None, Qualifier.AT_LEAST),
    "20 شاحنة على الأقل": (20, None, None, Qualifier.AT_LEAST),
    "أكثر من 20 شاحنة": (20, None, None, Qualifier.MORE_THAN),
    "ما يصل إلى 20 شاحنة": (None, None, 20, Qualifier.UP_TO),
    "أقل من 20 شاحنة": (None, None, 20, Qualifier.FEWER_THAN),
    "بين 20 و30 شاحنة": (20, None, 30, Qualifier.BETWEEN),
    "20 أو 30 شاحنة": (20, None, 30, Qualifier.BETWEEN),
    "20 شاحنة": (None, 20, None, Qualifier.EXACTLY),
    "about 20 trucks": (None, 20, None, Qualifier.ABOUT),
    "20 trucks or more": (20, None, None, Qualifier.AT_LEAST),
    "over 20 trucks": (20, None, None, Qualifier.MORE_THAN),
    "as many as 20 trucks": (None, None, 20, Qualifier.UP_TO),
    "fewer than 20 trucks": (None, None, 20, Qualifier.FEWER_THAN),
    "from 20 to 30 trucks": (20, None, 30, Qualifier.BETWEEN),
}


def test_a_qualifier_decides_which_figure_is_known():
    for text, expected in QUALIFIED.items():
        (found,) = found_in(text)
        assert (found.low, found.best, found.high, found.qualifier) == expected, text


def test_editors_extend_what_is_known_by_cues_alone():
    loaders, seized = Measure(slug="loaders", unit="vehicle"), Measure(slug="seized", unit="animal")
    known = [
        Cue(kind=CueKind.MEASURE, text="تركس / تركسات", measure=loaders),
        Cue(kind=CueKind.MEASURE, text="… sheep / sheep", measure=seized),
        Cue(kind=CueKind.MEASURE, text="rustled / rustling …", measure=seized),
        Cue(kind=CueKind.QUALIFIER, text="give or take", value="about"),
        Cue(kind=CueKind.TYPE, text="3 goats"),
    ]
    text = "تركسان و3 تركسات. They rustled give or take 40 sheep. 50 sheep grazed near 3 goats."
    found = [(one.measure, one.best, one.qualifier) for one in find(text, known)]
    assert found == [("loaders", 2, "exactly"), ("loaders", 3, "exactly"), ("seized", 40, "about")]


def test_each_cue_that_we_ship_can_be_met():
    for cue in cues():
        assert cue.text.strip("… "), cue.text
        if cue.kind == CueKind.QUALIFIER:
            assert cue.value in Qualifier.values


def test_cues_of_nothing_and_no_cues_find_nothing():
    odd = [
        Cue(kind=CueKind.MEASURE, text=text, measure=Measure(slug="x", unit="y")) for text in ("…", "/", "… /", "… …")
    ]
    assert find("3 شاحنات / … 5 trucks", odd) == []
    assert find("3 شاحنات", []) == find("", cues()) == []


WORDS = st.sampled_from([word for text, _said in [*ARABIC, *ENGLISH] for word in text.split()])


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=80), st.lists(WORDS | st.text(max_size=4), max_size=25).map(" ".join)))
def test_any_text_is_read_without_an_error_and_what_is_found_lies_within_it(text):
    for found in found_in(text):
        assert 0 <= found.start < found.end <= len(text)
        assert found.measures
        assert found.phrase
        numbers = [number for number in (found.low, found.best, found.high) if number is not None]
        assert numbers == sorted(numbers)
        assert found.qualifier in Qualifier.values


def test_a_long_report_is_read_in_time_that_grows_with_its_length():
    def seconds(text):
        begin = time.process_time()
        found_in(text)
        return time.process_time() - begin

    story = "\n".join(text for text, _said in ARABIC)
    short, long = (min(seconds((story * 12)[:size]) for _try in range(2)) for size in (5_000, 40_000))
    assert long < short * 8 * 3


def test_a_qualifier_that_is_repeated_without_end_is_read_all_the_same():
    assert counted("نحو " * 3_000 + "قاعدة") == ""
    assert counted("ما لا يقل عن نحو 30 شاحنة")
