//! Plausible news without a contact between the United States and China: what most feeds bring most of the day.
//!
//! Every text is made here, from patterns and a fixed seed: the same seed gives the same bytes.

/// One made article.
#[derive(Debug)]
pub(crate) struct Story {
    /// Its headline.
    pub(crate) title: String,
    /// Its body.
    pub(crate) content: String,
}

/// So many stories of all desks in turn.
#[must_use]
pub(crate) fn stories(count: usize) -> Vec<Story> {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    (0..count).map(|at| story(&DESKS[at % DESKS.len()], &mut dice)).collect()
}

/// A story as the HTML that feeds carry.
#[must_use]
pub(crate) fn html(story: &Story) -> String {
    let paragraphs: Vec<String> = story
        .content
        .split("\n\n")
        .map(|text| format!("<p class=\"story\">{}</p>", text.replace('&', "&amp;").replace('\'', "&#8217;")))
        .collect();
    format!(
        "<div><img src=\"https://img.example/1.jpg\" alt=\"\"/>{}<a href=\"https://news.example/more?a=1&amp;b=2\">More</a></div>",
        paragraphs.join("\n")
    )
}

/// The words of one desk.
struct Desk {
    people: &'static [&'static str],
    places: &'static [&'static str],
    heads: &'static [&'static str],
    lines: &'static [&'static str],
}

/// Lines that any desk writes.
const COMMON: [&str; 12] = [
    "Officials said that the figures would be published on {d} and that no further comment would be made before then.",
    "\"We have worked on this for {n} months, and we are not there yet,\" {p} told reporters in {l}.",
    "The decision, which had been expected since {d}, was welcomed by unions and criticised by the opposition.",
    "He said he would not speculate about what might happen if the vote failed a second time.",
    "She added that the talks had gone on late into the night and would resume on {d}.",
    "Analysts had forecast a rise of {n} per cent, according to a survey published last week.",
    "Hundreds of people waited outside the building in {l} in light rain, some of them since the early morning.",
    "A spokesman declined to say how much the plan would cost or who would pay for it.",
    "The report runs to {n} pages and names {n} companies, most of them small.",
    "\"It is a good day for {l},\" said {p}, who has held the post for {n} years.",
    "The court is to hear the case again in the autumn; a ruling is not expected before the end of the year.",
    "It was the {n}th such meeting this year, and the first to end without a statement.",
];

const DESKS: [Desk; 8] = [
    Desk {
        people: &["Ursula Lindqvist", "Prime Minister Petteri Halonen", "Commissioner Dubois", "Marta Kowalczyk"],
        places: &["Brussels", "Strasbourg", "Warsaw", "Helsinki", "Madrid"],
        heads: &["EU ministers at odds over fishing quotas", "Brussels delays rules on packaging waste"],
        lines: &[
            "EU finance ministers failed on {d} to agree on a common budget for rail links between {l} and the Baltic states.",
            "The European Commission proposed to cut red tape for small farms by {n} per cent within {n} years.",
            "{p} called for calm after the summit of European leaders broke up without a text.",
            "Germany and France want the rules to apply from next spring, while Poland and Hungary ask for {n} more years.",
            "The European Central Bank left its key rate unchanged and signalled that a cut was possible in the summer.",
        ],
    },
    Desk {
        people: &["the home secretary", "Chancellor Rebecca Marsh", "Alan Whitcombe", "Dame Judith Carver"],
        places: &["London", "Leeds", "Edinburgh", "Cardiff", "Manchester"],
        heads: &["Rail strike to hit weekend travel", "Hospitals told to clear waiting lists by spring"],
        lines: &[
            "Train drivers will walk out for {n} days in a dispute over pay, their union said on {d}.",
            "The government has promised {n},000 new homes in {l}, but only a third of them have planning permission.",
            "{p} told the House of Commons that the review would report before the summer recess.",
            "Bank of England policymakers voted by seven to two to hold interest rates.",
            "Police in {l} are looking for witnesses to a crash on the ring road in which {n} people were hurt.",
        ],
    },
    Desk {
        people: &["coach Marco Ferri", "captain Lena Brandt", "Diego Aranda", "Sam Okoro"],
        places: &["Milan", "Dortmund", "Lisbon", "Glasgow", "Turin"],
        heads: &["Late header sends visitors through", "Brandt out for season with knee injury"],
        lines: &[
            "A header by {p} in the {n}th minute sent the visitors into the quarter-finals of the cup.",
            "The home side had {n} shots on goal and hit the post twice before the break.",
            "{p} will miss the rest of the season after tearing a ligament in training in {l}.",
            "The two sides meet again in {l} on {d}, when a draw will be enough for the leaders.",
            "The club has made a loss of {n} million euros and is looking for a new investor.",
        ],
    },
    Desk {
        people: &["Governor Ellen Whitfield", "Senator Mark Dawson", "Mayor Luis Ortega", "Judge Harold Lane"],
        places: &["Ohio", "Phoenix", "Pittsburgh", "Texas", "Atlanta"],
        heads: &["Senate passes highway bill after long night", "Wildfire forces thousands from homes in the West"],
        lines: &[
            "The U.S. Senate passed a bill on {d} that sets aside ${n} billion for roads and bridges in {l} and other states.",
            "Firefighters in {l} said the blaze was {n} per cent contained; the National Weather Service expects more wind.",
            "President Trump said he would sign the measure, and the White House scheduled a ceremony for {d}.",
            "{p} asked federal officials for help after a storm left {n},000 homes without power.",
            "American employers added {n},000 jobs last month, the Labor Department said, more than economists had expected.",
            "The Federal Reserve is expected to leave rates alone when it meets next week.",
        ],
    },
    Desk {
        people: &["the provincial governor", "Liu Mingzhu, a shopkeeper", "researcher Zhao Kun", "Mayor Chen Hua"],
        places: &["Shenzhen", "Chengdu", "Wuhan", "Xi'an", "Harbin"],
        heads: &["Heavy rain closes schools in the south", "China's home prices fall for a tenth month"],
        lines: &[
            "New home prices in China fell {n} per cent in May from a year earlier, the statistics bureau said on {d}.",
            "Heavy rain closed schools and a metro line in {l}, where {n} people had to be rescued from cars.",
            "{p} said that the city would plant {n},000 trees along the river before the winter.",
            "President Xi Jinping inspected a steel works and a village school during a tour of the province.",
            "The central bank in Beijing injected {n} billion yuan into the market to keep liquidity ample.",
            "Chinese exporters of toys told the paper that orders from Vietnam and Mexico had picked up.",
        ],
    },
    Desk {
        people: &["President William Otieno", "General Musa Diallo", "opposition leader Grace Mensah", "Amadou Ba"],
        places: &["Nairobi", "Accra", "Dakar", "Lagos", "Kampala"],
        heads: &["Regional leaders meet over border clashes", "Ghana's cocoa harvest disappoints again"],
        lines: &[
            "Leaders of the East African bloc met in {l} on {d} to discuss a ceasefire along the border.",
            "{p} visited the camp, where {n},000 people have found shelter since the fighting began.",
            "The foreign minister said that his Kenyan counterpart had agreed to talks in {l} next month.",
            "The cocoa harvest fell by {n} per cent because of drought, and growers fear another poor year.",
            "The electoral commission postponed the count in {n} districts after ballot papers went missing.",
        ],
    },
    Desk {
        people: &["chief executive Ingrid Solberg", "analyst Tom Hartley", "finance chief Paolo Conti", "Priya Raman"],
        places: &["Zurich", "Oslo", "Frankfurt", "Mumbai", "Singapore"],
        heads: &["Chipmaker raises forecast on demand for sensors", "Airline to cut routes as fuel costs bite"],
        lines: &[
            "The chipmaker raised its forecast for the year and said that orders for sensors had doubled since {d}.",
            "Shares in {l} rose {n} per cent in early trading before giving up most of the gain.",
            "On a call with analysts, {p} said that the company would close {n} plants and cut costs.",
            "Oil fell below ${n} a barrel as traders weighed weak demand against a pipeline outage.",
            "The airline will drop {n} routes from {l} in the winter timetable because of the price of fuel.",
        ],
    },
    Desk {
        people: &[
            "President Vladimir Putin",
            "Chinese leader Xi Jinping",
            "President Volodymyr Zelenskiy",
            "Sergei Lavrov",
        ],
        places: &["Moscow", "Astana", "Kyiv", "Minsk", "Tashkent"],
        heads: &["Putin and Xi hail trade at Astana meeting", "Kyiv says drones hit power plant"],
        lines: &[
            "{p} arrived in {l} on {d} for a summit of central Asian states.",
            "Russia and China signed {n} agreements on gas, timber and tourism after talks in {l}.",
            "Ukraine's air force said that it had shot down {n} drones over the Kyiv region during the night.",
            "Foreign Minister Lavrov will hold talks with his Indian counterpart in {l} next week.",
            "The Kremlin said that {p} had discussed grain exports by telephone with the president of Kazakhstan.",
        ],
    },
];

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

fn story(desk: &Desk, dice: &mut Dice) -> Story {
    let title = dice.of(desk.heads).to_owned();
    let mut content = format!("{} - ", dice.of(desk.places).to_uppercase());
    for sentence in 0..14 {
        let pattern = if dice.below(5) < 3 { dice.of(desk.lines) } else { dice.of(&COMMON) };
        fill(pattern, desk, dice, &mut content);
        content.push_str(if sentence % 3 == 2 { "\n\n" } else { " " });
    }
    Story { title, content: content.trim_end().to_owned() }
}

fn fill(pattern: &str, desk: &Desk, dice: &mut Dice, out: &mut String) {
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((slot, behind)) = after.split_once('}') else { break };
        match slot {
            "p" => out.push_str(dice.of(desk.people)),
            "l" => out.push_str(dice.of(desk.places)),
            "d" => out.push_str(dice.of(&DAYS)),
            _ => out.push_str(&(2 + dice.below(60)).to_string()),
        }
        rest = behind;
    }
    out.push_str(rest);
}

/// Numbers from a seed (xorshift64*, Vigna 2016).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(high).unwrap_or(0) % limit.max(1)
    }

    fn of(&mut self, list: &[&'static str]) -> &'static str {
        list.get(self.below(list.len())).copied().unwrap_or_default()
    }
}
