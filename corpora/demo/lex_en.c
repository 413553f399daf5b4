/* lex_en.c - the English lexicon of the demo corpus. */
#include "corpora/demo/gen.h"

/* clang-format off: a table reads better by rows. */

#define SAME(word)                     \
	{                              \
		word, word, word, word \
	}

const struct demo_lang demo_en = {
	.code = "en",
	.agent = {
		{ "teacher", "teachers", false }, { "student", "students", false },
		{ "nurse", "nurses", false }, { "doctor", "doctors", false },
		{ "farmer", "farmers", false }, { "fisherman", "fishermen", false },
		{ "sailor", "sailors", false }, { "cook", "cooks", false },
		{ "baker", "bakers", false }, { "merchant", "merchants", false },
		{ "librarian", "librarians", false }, { "traveler", "travelers", false },
		{ "player", "players", false }, { "coach", "coaches", false },
		{ "gardener", "gardeners", false },
		{ "photographer", "photographers", false },
		{ "worker", "workers", false }, { "volunteer", "volunteers", false },
	},
	.person = { "person", "people", false },
	.adjective = { SAME("young"), SAME("tall"), SAME("cheerful"), SAME("strong"),
		       SAME("patient"), SAME("friendly"), SAME("tired"), SAME("elegant") },
	.number = { { "a", "two", "three" }, { "a", "two", "three" } },
	.definite = { { "the", "the", "the" }, { "the", "the", "the" } },
	.definite_after = "",
	.doing = { "is", "are" },
	.being_at = { "is", "are" },
	.being = { "is", "are" },
	.no = "not",
	.nobody = "nobody is",
	.nobody_else = "nobody else is",
	.purpose = "in order to",
	.adjective_first = true,
	.no_first = false,
	.a_an = true,
	.time = {
		{ "in the morning", "early in the morning", "on a cool morning" },
		{ "at noon", "at noon on a Sunday", "at noon on a hot day" },
		{ "in the afternoon", "late in the afternoon", "on a warm afternoon" },
		{ "in the evening", "early in the evening", "on a quiet evening" },
	},
	.extra = {
		"with a close friend", "while two children watch", "with a broad smile",
		"after a long break", "while a radio plays", "for the first time",
	},
	.goal = {
		"save money for a trip", "help a sick neighbor", "surprise an old friend",
		"win a small bet", "learn something new", "support a large family",
		"forget a bad day", "prepare a village festival",
	},
	.scene = {
		{ "at the market", { "at the crowded market", "at the old village market" }, {
			{ "selling fresh fruit", "selling fruit", "selling food" },
			{ "weighing ripe tomatoes", "weighing tomatoes", "weighing vegetables" },
			{ "bargaining over a wool blanket", "bargaining over a blanket", "bargaining" },
			{ "carrying baskets of warm bread", "carrying baskets of bread", "carrying baskets" } } },
		{ "at the school", { "at the new school", "at the small village school" }, {
			{ "reading a long story aloud", "reading a story", "reading aloud" },
			{ "drawing a large map on the board", "drawing a map", "drawing on the board" },
			{ "preparing a difficult science test", "preparing a science test", "preparing a test" },
			{ "repairing a broken desk", "repairing a desk", "repairing furniture" } } },
		{ "at the hospital", { "at the busy hospital", "at the large city hospital" }, {
			{ "examining an injured knee", "examining a knee", "examining somebody" },
			{ "folding clean white sheets", "folding white sheets", "folding sheets" },
			{ "writing a detailed medical report", "writing a medical report", "writing a report" },
			{ "pushing an empty wheelchair", "pushing a wheelchair", "pushing something" } } },
		{ "at the harbor", { "at the windy harbor", "at the old fishing harbor" }, {
			{ "mending a torn fishing net", "mending a fishing net", "mending a net" },
			{ "loading heavy crates onto a ship", "loading crates onto a ship", "loading a ship" },
			{ "painting a small wooden boat", "painting a wooden boat", "painting a boat" },
			{ "tying a thick rope to a post", "tying a rope to a post", "tying a rope" } } },
		{ "on the farm", { "on the green farm", "on the farm near the hills" }, {
			{ "feeding hungry chickens", "feeding chickens", "feeding animals" },
			{ "harvesting sweet corn", "harvesting corn", "harvesting a crop" },
			{ "milking brown cows", "milking cows", "working with animals" },
			{ "building a long wooden fence", "building a wooden fence", "building a fence" } } },
		{ "in the library", { "in the quiet library", "in the old city library" }, {
			{ "studying a thick novel", "studying a novel", "studying a book" },
			{ "arranging dusty books on a shelf", "arranging books on a shelf", "arranging books" },
			{ "copying an ancient poem", "copying a poem", "copying a text" },
			{ "searching for a lost letter", "searching for a letter", "searching for something" } } },
		{ "at the train station", { "at the noisy train station", "at the train station of a small town" }, {
			{ "waiting for a delayed train", "waiting for a train", "waiting" },
			{ "dragging a heavy black suitcase", "dragging a black suitcase", "dragging a suitcase" },
			{ "checking the tickets of new passengers", "checking the tickets of passengers", "checking tickets" },
			{ "wiping the wet windows of a train", "wiping the windows of a train", "wiping windows" } } },
		{ "at the stadium", { "at the empty stadium", "at the new football stadium" }, {
			{ "practicing difficult free kicks", "practicing free kicks", "practicing" },
			{ "running slow laps", "running laps", "running" },
			{ "cutting the long grass", "cutting the grass", "cutting something" },
			{ "drawing straight white lines", "drawing white lines", "drawing lines" } } },
		{ "in the kitchen", { "in the hot kitchen", "in the kitchen of a hotel" }, {
			{ "chopping fresh red onions", "chopping red onions", "chopping onions" },
			{ "washing dirty dinner plates", "washing dinner plates", "washing plates" },
			{ "decorating a large chocolate cake", "decorating a chocolate cake", "decorating a cake" },
			{ "stirring a pot of spicy soup", "stirring a pot of soup", "stirring soup" } } },
		{ "in the forest", { "in the dark forest", "in the forest behind the lake" }, {
			{ "gathering dry firewood", "gathering firewood", "gathering wood" },
			{ "photographing a rare bird", "photographing a bird", "photographing an animal" },
			{ "picking large wild mushrooms", "picking wild mushrooms", "picking mushrooms" },
			{ "measuring very tall trees", "measuring tall trees", "measuring trees" } } },
	},
	.negation = " not nobody ",
};
