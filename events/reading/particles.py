"""The small words of Arabic and English by which a number belongs to what it counts: closed lists, folded.

What is counted, and by which words one tells, is data (``events.models.Cue``); these are grammar.
"""

from typing import Final

from osint.base.text import fold


def _folded(*rows: str) -> frozenset[str]:
    return frozenset(fold(word) for row in rows for word in row.split())


# “3 من عناصر”, “dozens of trucks”
OF: Final = _folded("من of")
# “Between 5 and 7” by what stands between the two.
TO: Final = _folded("إلى الى حتى أو to or")
# Words after which the number is a part of what was counted before.
PART: Final = _folded("بينهم بينها بينهن بينهما منهم منها منهن ضمنهم ضمنها including whom them includes included")
# “One of the members”
ONE_OF: Final = _folded("أحد إحدى")
ONE: Final = _folded("a an another")
# Between a governing word and its number there may be these.
LIGHT: Final = _folded("ب ل عن على من ما كل of the other another some also all nearly its their his to no up both")
# Between what is counted and a governing word behind it.
AUXILIARY: Final = _folded("were was is are be been being have had has also reportedly later who that which got")
PASSIVE: Final = _folded("were was been being are is be تم جرى")
# Links a total to its number: “the toll rose to 12”, “عدد القتلى إلى 12”.
LINK: Final = _folded("إلى بلغ بلغت هو هي نحو ليصل يصل وصل to at reached is was stands by are")
# A noun phrase of English ends before these.
STOPS: Final = _folded(
    "a an the of in on at to from by with for and or but nor as than after before during near over under into onto",
    "between among against inside outside around along across through while when where who whom whose which that this",
    "were was is are be been being have had has will would can could may might did do does not no it its they their",
    "he his she her we our you i since until about because amid amidst following including per via also yesterday",
    "today tonight monday tuesday wednesday thursday friday saturday sunday there here then so more",
)
# What follows a bare number in Arabic when nothing is left out: “مقتل 3 في”.
BARE_BEFORE: Final = _folded(
    "في من على بعد قبل خلال جراء إثر أثناء برصاص بانفجار بقصف بينهم منهم ضمن قرب قبالة داخل شمال جنوب شرق غرب بريف",
    "فيما بينما كما حتى الآن أمس اليوم بجروح آخرين نتيجة بسبب بهجوم باشتباكات بمدينة بمحافظة ثم أو مع عند لدى",
)
# Numbers of these measure, they count nothing: time, length, money, shares, calibres.
UNITS: Final = _folded(
    "يوم يوما يومين أيام ساعة ساعات ساعتين دقيقة دقائق ثانية ثواني أسبوع أسابيع شهر شهرا أشهر شهور سنة سنوات عام عاما",
    "أعوام مرة مرات كم كيلو كيلومتر كيلومترا كيلومترات متر مترا أمتار ملم مم طن طنا أطنان ليرة دولار دولارا يورو",
    "عائلة عائلات أسرة أسر عوائل دفعة دفعات",
    "family families household households batch batches",
    "بالمئة بالمائة بالمية صباحا مساء ظهرا فجرا درجة درجات",
    "كانون شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين يناير فبراير مارس أبريل إبريل مايو يونيو يوليو أغسطس سبتمبر",
    "أكتوبر نوفمبر ديسمبر",
    "day days hour hours minute minutes second seconds week weeks month months year years time times km kms kilometre",
    "kilometres kilometer kilometers mile miles metre metres meter meters mm cm ton tons tonne tonnes dollar dollars",
    "percent per pm am january february march april may june july august september october november december jan feb",
    "mar apr jun jul aug sep sept oct nov dec o’clock degrees",
)
NOT_ONE: Final = _folded("no not دون بدون بلا لا")
EITHER_OR: Final = _folded("بين between")
# A verb and who it speaks of may be parted by these: “قتل اليوم شاب”.
WHEN: Final = _folded("اليوم أمس صباح مساء فجر ليلة ظهر عصر قبل يوم أول today yesterday")
# “سقوط قتيل”: somebody fell, in the one way or the other.
FALL: Final = _folded("سقوط سقط وقوع وقع ارتقاء ارتقى بسقوط بوقوع")
# What a total is called, whose number may stand some words behind: “the death toll rose to 12”.
TOTAL: Final = _folded("عدد حصيلة toll number total tally")
# “أفرجت … عن 5 معتقلين”: the verb is further off, and has more to say than the noun.
FROM_VERB: Final = _folded("عن")
# Who stands behind these did it, and suffered nothing: “killed by three gunmen”.
AGENT: Final = _folded("by with قبل يد يدي أيدي برصاص بيد")
TOGETHER: Final = _folded("along together")
