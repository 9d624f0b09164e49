"""Register: every published result that is looked for, what it would prove, and whether it shows."""

from __future__ import annotations

import changes
import shares
import winter
from pattern import Kind, Pattern

PATTERNS: tuple[Pattern, ...] = (
    Pattern(
        id="T01",
        published="older people with a grocer within 15 min: 93 % at best, 34 % in winter with few shops open; "
                  "hours weigh more than season and age",
        source="Willberg et al. 2023, doi 10.1016/j.jtrangeo.2022.103521", kind=Kind.EMERGENT,
        because="paces are an input, and so are streets and hours; how many shops lie between is not",
        accepted="order: hours above season, hours above age, each step a loss", check=winter.age_season_hours,
    ),
    Pattern(
        id="T02", published="access explains 84 % of the share of local trips between areas",
        source="Abbiasov et al. 2024, doi 10.1038/s41562-023-01770-y", kind=Kind.ECHO,
        because="the made circles differ in little but their outlets",
        accepted="R² of at least 0.7 over 60 circles", check=changes.access_explains_local_trips, slow=True,
    ),
    Pattern(
        id="T04", published="240 outlets and 20,700 residents a circle, 86 residents each",
        source="Ministry of Commerce, People's Daily 2026-01-20", kind=Kind.ECHO,
        because="the town is made to these figures", accepted="within 5 %", check=shares.outlets_a_circle,
    ),
    Pattern(
        id="T06a", published="turnover of outlets is what residents spend", source="accounting identity",
        kind=Kind.ECHO, because="an identity: purses against the tally of outlets",
        accepted="to the hundredth of a yuan", check=shares.money_adds_up,
    ),
    Pattern(
        id="T06b", published="800 to 3,800 yuan an outlet and day",
        source="franchise sheets; CCFA 2021", kind=Kind.CALIBRATED, because="baskets were set to it",
        accepted="within the band", check=shares.turnover_an_outlet,
    ),
    Pattern(
        id="T07", published="walks to a food shop: 41.3 / 36.4 / 13.3 / 9.0 % within 5, 10, 15 and beyond 15 min",
        source="Beijing community survey (book excerpt)", kind=Kind.HELD_OUT,
        because="neither places of outlets nor tolerances were set to it", accepted="5 points in every bin",
        check=shares.grocery_walks,
        missed="hardly anybody of the town accepts a walk beyond 15 minutes, and what is missing there is walked "
               "in 6 to 10; the survey's tail holds rides and rounded answers",
    ),
    Pattern(
        id="T08a", published="55.1 % of people of 60 and over want meals from a canteen",
        source="Beijing Statistics Bureau 2024-01, n = 1,152", kind=Kind.ECHO,
        because="levels of need are an input", accepted="3 points, in a sample of 1,152",
        check=shares.canteen_need,
    ),
    Pattern(
        id="T08b", published="lunch is wanted more than breakfast, and breakfast more than dinner",
        source="Beijing Statistics Bureau 2024-01", kind=Kind.ECHO, because="shares of meals are an input",
        accepted="order", check=shares.canteen_meals,
    ),
    Pattern(
        id="T08c", published="97.6 % want the canteen within 15 min",
        source="Beijing Statistics Bureau 2024-01", kind=Kind.ECHO, because="tolerances were read off this survey",
        accepted="at least 94.6 % of visits", check=shares.canteen_walks,
    ),
    Pattern(
        id="T08d", published="delivery is preferred (53.9 %) to take-away and eating there",
        source="Beijing Statistics Bureau 2024-01", kind=Kind.CALIBRATED,
        because="the delivered share of meals for elders is an anchor", accepted="most meals are brought home",
        check=shares.canteen_channel,
        missed="the anchor lets 5 meals in 100 be delivered to 22 eaten there, an assumption about what is met "
               "today; the survey asks what is wished for",
    ),
    Pattern(
        id="T09a", published="trips of older people: shopping 48.8, leisure and fitness 28.1, medical 5.4 %",
        source="travel survey quoted in a thesis, city unknown", kind=Kind.HELD_OUT,
        because="no need rate was set to it", accepted="5 points each", check=shares.older_trips,
        missed="walks and exercise in parks are no errands to an outlet, so leisure is a third of what was "
               "counted, and shopping takes its place",
    ),
    Pattern(
        id="T09b", published="shopping, then leisure, then medical trips", source="as T09a", kind=Kind.ECHO,
        because="the order is that of the need rates assumed", accepted="order", check=shares.older_trip_order,
    ),
    Pattern(
        id="T09c", published="trips of older people are shorter than those of adults of 19 to 59",
        source="as T09a", kind=Kind.ECHO, because="they walk more slowly and accept less, by input",
        accepted="sign", check=shares.older_walks,
    ),
    Pattern(
        id="T09d", published="medical trips: 5.4 % among older people, 1.2 % at 19 to 60", source="as T09a",
        kind=Kind.ECHO, because="visits to pharmacies by age are assumed", accepted="more than twice",
        check=shares.older_medical_trips,
    ),
    Pattern(
        id="T10", published="older people are out most at 9-11 and at 16-17",
        source="Guangzhou, phones of 631,000 people of 65 and over, 2020-09-20", kind=Kind.ECHO,
        because="hours of grocery shopping were read off it", accepted="busiest hour of morning and of afternoon",
        check=shares.older_hours,
        missed="daily profiles know no age: breakfast at 8 and shopping after work at 18 are those of everybody",
    ),
    Pattern(
        id="T11a", published="cash used: 66.9, 67.3, 72.0, 78.8, 85.7, 89.4 % by age",
        source="People's Bank of China, consumer financial literacy 2021", kind=Kind.ECHO,
        because="shares owned by age are an input", accepted="1 point each", check=shares.cash_by_age,
        missed="the law's bands begin at 18, 35 and 50, not at 30 and 40, and whoever would go out with nothing "
               "takes cash along",
    ),
    Pattern(
        id="T11b", published="phone payment used: 85.8, 83.4, 75.6, 68.2, 44.2, 32.1 % by age",
        source="People's Bank of China, consumer financial literacy 2021", kind=Kind.ECHO,
        because="shares owned by age are an input", accepted="1 point each", check=shares.phones_by_age,
        missed="raised on purpose from the national figures of 2021 to an urban level of 2025",
    ),
    Pattern(
        id="T11c", published="refusing cash costs people of 70 and over more purchases than those of 18 to 30",
        source="expected from the above; ever refused by cohort, Rong360 2018", kind=Kind.ECHO,
        because="who carries a phone that pays is an input by age", accepted="sign, 30 circles, 1 %",
        check=changes.cash_refusal, slow=True,
    ),
    Pattern(
        id="T12", published="longer hours raise sales in some trades and leave others alone",
        source="liberalised Sunday and evening trade in 30 countries, CEP DP1336", kind=Kind.ECHO,
        because="nothing but hours is touched, so nothing can change where no door was closed",
        accepted="sign of the gap between services, 30 circles, 1 %; least barred within 1 point of 0",
        check=changes.hours_help_where_they_bind, slow=True,
    ),
    Pattern(
        id="T13", published="longer hours of one trade divert sales from its competitors",
        source="repeal of US blue laws, CEP DP0664", kind=Kind.ECHO,
        because="the choice rule gives the sign; only the size is the town's", accepted="sign, 30 circles, 1 %",
        check=changes.hours_divert_from_competitors, slow=True,
    ),
    Pattern(
        id="T14a", published="a store that enters hardly moves what people buy",
        source="Allcott, Diamond & Dubé 2018, Stanford WP 3631", kind=Kind.EMERGENT,
        because="shares of spending follow from needs met elsewhere before; nothing was set to keep them",
        accepted="no service's share of spending moves by 1 point, mean of 30 circles",
        check=changes.entry_leaves_budgets, slow=True,
    ),
    Pattern(
        id="T14b", published="a store that enters shortens trips",
        source="Allcott, Diamond & Dubé 2018, Stanford WP 3631", kind=Kind.EMERGENT,
        because="those who begin to go out because of it could make the mean longer",
        accepted="sign, 30 circles, 1 %", check=changes.entry_saves_steps, slow=True,
    ),
    Pattern(
        id="T19", published="new food outlets widen access by 2 to 45 %, by place and willingness to walk",
        source="Austin food-access disruptors", kind=Kind.EMERGENT,
        because="streets, homes and sites of the made circles were set to no gain",
        accepted="the gain differs by site and by willingness: signs, 30 circles, 1 %",
        check=changes.gains_by_site_and_willingness, slow=True,
    ),
    Pattern(
        id="T22", published="people react to the length of a queue and not to its speed: pooling can cost sales",
        source="Lu et al. 2013, doi 10.1287/mnsc.1120.1686", kind=Kind.ECHO,
        because="the balking rule is taken from it",
        accepted="one line loses more sales than two at equal waits, and not where people look at the wait",
        check=changes.length_counts_not_speed, slow=True,
    ),
    Pattern(
        id="T23", published="expectations and satisfaction correlate at 0.24 to 0.34",
        source="expectancy-disconfirmation meta-analysis, 150 records, n = 58,597", kind=Kind.ECHO,
        because="performance and expectation start alike and learn at one rate, so they are one number: r is that "
                "of performance with its own report, as thinned by noise and by prices; nothing was fitted to it",
        accepted="r among users within the interval",
        check=shares.expectation_and_satisfaction,
    ),
    Pattern(
        id="T25", published="slower walking cuts access unevenly across older people",
        source="Dunning et al. 2023, Liverpool, doi 10.1016/j.apgeog.2023.103005", kind=Kind.EMERGENT,
        because="one pace for all; where the losses fall is the town's",
        accepted="more lost in the third with fewest outlets around: sign, 30 circles, 1 %",
        check=changes.slower_walks_cut_unevenly,
    ),
)  # fmt: skip

NOT_YET = {
    "T03": "moving outlets at fixed count needs the planner",
    "T05": "minutes of shopping a day need the diary operator and time spent inside",
    "T15-T18": "two-good diets, discounts and stocks are not in the law",
    "T20": "competing entrants need operators",
    "T21": "needs a core and an outer template",
    "T24": "items of the survey by age need the ordered logit of the calibration part",
    "T26": "needs densities that differ within one world",
    "T27": "there is one mode, walking",
}
"""Published results that the state of the law does not let one look for, with the reason."""
