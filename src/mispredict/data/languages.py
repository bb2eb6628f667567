"""The language of a text, by its script and its commonest words.

No model is needed to tell whether a column of English has French in it: words such as "the" or
"les" are a third of any text. Short texts without any are not guessed at.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

# ruff: noqa: E501
_WORDS = {
    "en": "the of and to in is that it was for on are with as his they be at this have from or had"
    " by not but what all were we when your can said there an which she do how their if will you"
    " i my me so just about would",
    "de": "der die und das ist nicht ich den von zu mit sich des auf für im dem ein eine als auch es"
    " an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über so war wir",
    "fr": "le la les des et est un une du que en dans qui pour pas sur plus au par je avec ce il se"
    " ne sont mais nous vous cette ont été être son sa ses elle comme tout",
    "es": "el los las de que y en un una es por con no para se del al lo como más pero sus le ya o"
    " este sí porque esta entre cuando muy sin sobre también me hasta hay",
    "it": "il di che è la e un in per una sono mi non ho ma lo ha le si con i da se come io questo"
    " gli della alla più del anche dei nel",
    "pt": "o de que e do da em um para é com não uma os no se na por mais as dos como mas foi ao ele"
    " das tem à seu sua ou ser quando muito há nos já está eu também",
    "nl": "de het een en van ik te dat die in je niet zijn is was op aan met als voor had er maar om"
    " hem dan zou of wat mijn men dit zo door over ze zich bij ook tot",
    "sv": "och att det i en jag hon som han på den med var sig för så till är men ett om hade de av"
    " icke mig du henne då sin nu har inte hans honom skulle hennes där min",
    "pl": "w i na z się nie do to jest że o jak a ale po co tak za od jego przez był dla już czy tym"
    " być ich może tylko jej",
    "tr": "ve bir bu da de için ne ile çok ama gibi daha olarak var kadar sonra o ben sen değil mi",
}  # fmt: skip
_SCRIPTS = {
    "CYRILLIC": "ru",
    "GREEK": "el",
    "ARABIC": "ar",
    "HEBREW": "he",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "HANGUL": "ko",
    "CJK": "zh",
    "DEVANAGARI": "hi",
    "THAI": "th",
}
CODES = (*_WORDS, *dict.fromkeys(_SCRIPTS.values()))
_LISTS = {code: frozenset(words.split()) for code, words in _WORDS.items()}
_LONGEST = 2_000  # letters that are looked at


def language_of(text: str | None) -> str:
    """The code of a text's language, "" where it says too little.

    Example:
        >>> language_of("the cat is on the table"), language_of("le chat est sur la table")
        ('en', 'fr')
        >>> language_of("ok")
        ''
    """
    if not text:
        return ""
    text = text[:_LONGEST]
    if not text.isascii():
        script = _script(text)
        if script:
            return script
    words = re.findall(r"[^\W\d_]+", text.lower())
    if not words:
        return ""
    hits = Counter({code: sum(word in known for word in words) for code, known in _LISTS.items()})
    (best, most), (_, second) = hits.most_common(2)
    if most < 2 or most < 0.1 * len(words) or most <= 1.15 * second:
        return ""
    return best


def _script(text: str) -> str:
    """The language of a script that is not Latin, if most letters are of it."""
    letters = [letter for letter in text[:400] if letter.isalpha()]
    found = Counter(
        unicodedata.name(letter, "").split(" ")[0].split("-")[0]
        for letter in letters
        if ord(letter) > 0x36F
    )
    if not found:
        return ""
    if {"HIRAGANA", "KATAKANA"} & set(found):
        return "ja" if sum(found.values()) * 2 > len(letters) else ""
    script, n = found.most_common(1)[0]
    return _SCRIPTS.get(script, "") if n * 2 > len(letters) else ""
