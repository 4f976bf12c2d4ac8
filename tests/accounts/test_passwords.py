"""Which passwords are taken, and how they are kept (facts, I.1 and B.3; wire contract R-13)."""

import pytest
from argon2 import PasswordHasher, extract_parameters
from zxcvbn import matching

from ippgateway.core.secret import Secret
from ippgateway.domains.accounts.errors import Weakness, WeakPassword
from ippgateway.domains.accounts.service import passwords
from ippgateway.domains.accounts.service.passwords import Rule, fits, hash_password, require_good


class Known:
    """A list of leaked passwords, which remembers what it was asked."""

    def __init__(self, *leaked: str) -> None:
        self.leaked_ones = leaked
        self.asked: list[str] = []

    async def leaked(self, password: Secret[str]) -> bool:
        self.asked.append(password.open())
        return password.open() in self.leaked_ones


async def weakness(text: str, rule: Rule, *leaked: str, about: tuple[str, ...] = ()) -> tuple[Weakness, int] | None:
    """Why it is refused and how long it should have been; None when it is good."""
    try:
        await require_good(Known(*leaked), Secret(text), rule=rule, about=about)
    except WeakPassword as error:
        return error.why, error.at_least
    return None


@pytest.mark.parametrize(
    ("rule", "text", "why"),
    [
        (Rule.BROWSER, "krabbe-lagkage", (Weakness.TOO_SHORT, 15)),
        (Rule.BROWSER, "krabbe-lagkage-", None),
        (Rule.BROWSER, "krabbe lagkage på Læsø", None),
        (Rule.BROWSER, "vhqxzjwkmpbtrgdn" * 8, None),
        (Rule.BROWSER, "vhqxzjwkmpbtrgdn" * 8 + "x", (Weakness.TOO_LONG, 15)),
        (Rule.WITH_FACTOR, "vhqxzjwkm7b", (Weakness.TOO_SHORT, 12)),
        (Rule.WITH_FACTOR, "vhqxzjwkm7bt", None),
        (Rule.WITH_FACTOR, "vhqxzjwkmpbt", (Weakness.NO_LETTER_OR_DIGIT, 12)),
        (Rule.WITH_FACTOR, "krabbe lagkage på Læsø", None),
        (Rule.WITH_FACTOR, "927461850372", (Weakness.NO_LETTER_OR_DIGIT, 12)),
        (Rule.WIRE_NEW, "1234567", (Weakness.TOO_SHORT, 8)),
        (Rule.WIRE_NEW, "12345678", None),
        (Rule.WIRE_NEW, "1" * 129, (Weakness.TOO_LONG, 8)),
        (Rule.WIRE_RESET, "Aa1!Aa1!Aa1", (Weakness.TOO_SHORT, 12)),
        (Rule.WIRE_RESET, "Aa1!Aa1!Aa1!", None),
        (Rule.WIRE_RESET, "Aa1!" * 25, (Weakness.TOO_LONG, 12)),
        (Rule.WIRE_RESET, "AA1!AA1!AA1!", (Weakness.NO_LETTER_OR_DIGIT, 12)),
        (Rule.WIRE_RESET, "aa1!aa1!aa1!", (Weakness.NO_LETTER_OR_DIGIT, 12)),
        (Rule.WIRE_RESET, "Aaa!Aaa!Aaa!", (Weakness.NO_LETTER_OR_DIGIT, 12)),
        (Rule.WIRE_RESET, "Aa11Aa11Aa11", (Weakness.NO_LETTER_OR_DIGIT, 12)),
        (Rule.WIRE_RESET, "Aa1! Aa1!Aa1!", (Weakness.NO_LETTER_OR_DIGIT, 12)),
        (Rule.WIRE_RESET, "Aa1!Aa1!Aa1!\n", (Weakness.NO_LETTER_OR_DIGIT, 12)),
    ],
)
async def test_each_rule_takes_what_it_says(rule: Rule, text: str, why: tuple[Weakness, int] | None) -> None:
    assert await weakness(text, rule) == why


@pytest.mark.parametrize(
    "text",
    ["passwordpassword1", "aaaaaaaaaaaaaaaaaa", "qwertyuiopasdfgh", "123456789012345", "p4$$w0rdP@55w0rd",
     "ippgateway123456"],
)  # fmt: skip
async def test_what_a_guesser_tries_first_is_known(text: str) -> None:
    assert await weakness(text, Rule.BROWSER) == (Weakness.KNOWN, 15)


async def test_what_is_known_of_its_owner_is_known() -> None:
    text = "zuzkavrabcova75"
    assert await weakness(text, Rule.BROWSER) is None
    about = ("zuzka@vrabcova.example", "Zuzka Vrabcová")
    assert await weakness(text, Rule.BROWSER, about=about) == (Weakness.KNOWN, 15)
    assert "zuzka" not in str(matching.RANKED_DICTIONARIES.get("user_inputs", "")), "the library keeps nobody's name"


async def test_a_leaked_password_is_known_however_long_it_is() -> None:
    text = "vhqxzjwkmpbtrgdn-7"
    assert await weakness(text, Rule.BROWSER, text) == (Weakness.KNOWN, 15)
    assert await weakness(text, Rule.WITH_FACTOR, text) == (Weakness.KNOWN, 12)


async def test_a_refusal_does_not_repeat_the_password() -> None:
    with pytest.raises(WeakPassword) as refused:
        await require_good(Known(), Secret("passwordpassword1"), rule=Rule.BROWSER)
    assert "password" not in f"{refused.value}{refused.value.args}"


async def test_nobody_is_asked_about_a_password_that_is_refused_anyway() -> None:
    known = Known()
    with pytest.raises(WeakPassword):
        await require_good(known, Secret("short"), rule=Rule.BROWSER)
    assert known.asked == []


@pytest.mark.parametrize("text", ["4@8({[<369!1|0$5+7%2" * 4, "4@8({[<369!1|0$5+7%2", "ab1" * 40, "1!|4@" * 20])
def test_no_password_makes_the_judge_think_for_long(text: str) -> None:
    """Its signs can be read in so many ways at most; the library alone would try them all, for seconds."""
    judged = text[:72]
    if passwords._readings(judged) * len(judged) ** 2 > passwords._MOST_READINGS:
        judged = judged.translate(passwords._ONE_READING)
    assert passwords._readings(judged) * len(judged) ** 2 <= passwords._MOST_READINGS
    assert passwords._guesses(text, ()) > 0


async def test_a_password_fits_its_own_hash_alone_and_the_hash_is_argon2id() -> None:
    hashed = await hash_password(Secret("krabbe-lagkage-"))
    terms = extract_parameters(hashed)
    assert (terms.type.name, terms.time_cost, terms.parallelism) == ("ID", 2, 1)
    assert terms.memory_cost >= 19_456, "OWASP's minimum, KiB"
    assert await fits(hashed, Secret("krabbe-lagkage-"))
    assert not await fits(hashed, Secret("krabbe-lagkage"))
    assert not await fits("no hash", Secret("krabbe-lagkage-"))
    assert await hash_password(Secret("krabbe-lagkage-")) != hashed, "each has a salt of its own"


async def test_letters_are_the_same_however_a_keyboard_composes_them() -> None:
    hashed = await hash_password(Secret("Ålborg er en by i Nordjylland"))
    assert await fits(hashed, Secret("A\u030alborg er en by i Nordjylland"))


async def test_nothing_is_cut_off() -> None:
    longest = "vhqxzjwkmpbtrgdn" * 8
    hashed = await hash_password(Secret(longest))
    assert await fits(hashed, Secret(longest))
    assert not await fits(hashed, Secret(longest + "x"))


async def test_nobodys_hash_costs_as_much_and_no_password_fits_it() -> None:
    assert extract_parameters(passwords.nobodys()) == extract_parameters(await hash_password(Secret("x")))
    assert not await fits(passwords.nobodys(), Secret("nobody signs in with this"))


async def test_a_hash_of_yesterday_s_parameters_is_outdated() -> None:
    assert passwords.outdated(PasswordHasher(time_cost=1, memory_cost=8_192, parallelism=1).hash("x"))
    assert not passwords.outdated(await hash_password(Secret("x")))
