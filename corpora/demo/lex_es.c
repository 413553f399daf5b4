/* lex_es.c - the Spanish lexicon of the demo corpus. */
#include "corpora/demo/gen.h"

/* clang-format off: a table reads better by rows. */

const struct demo_lang demo_es = {
	.code = "es",
	.agent = {
		{ "maestra", "maestras", true }, { "alumno", "alumnos", false },
		{ "enfermera", "enfermeras", true }, { "médico", "médicos", false },
		{ "agricultora", "agricultoras", true }, { "pescador", "pescadores", false },
		{ "marinero", "marineros", false }, { "cocinera", "cocineras", true },
		{ "panadero", "panaderos", false }, { "vendedora", "vendedoras", true },
		{ "bibliotecario", "bibliotecarios", false }, { "viajera", "viajeras", true },
		{ "jugadora", "jugadoras", true }, { "entrenador", "entrenadores", false },
		{ "jardinero", "jardineros", false }, { "fotógrafa", "fotógrafas", true },
		{ "obrero", "obreros", false }, { "voluntaria", "voluntarias", true },
	},
	.person = { "persona", "personas", true },
	.adjective = {
		{ "joven", "jóvenes", "joven", "jóvenes" },
		{ "alto", "altos", "alta", "altas" },
		{ "alegre", "alegres", "alegre", "alegres" },
		{ "fuerte", "fuertes", "fuerte", "fuertes" },
		{ "paciente", "pacientes", "paciente", "pacientes" },
		{ "simpático", "simpáticos", "simpática", "simpáticas" },
		{ "tímido", "tímidos", "tímida", "tímidas" },
		{ "elegante", "elegantes", "elegante", "elegantes" },
	},
	.number = { { "un", "dos", "tres" }, { "una", "dos", "tres" } },
	.definite = { { "el", "los", "los" }, { "la", "las", "las" } },
	.definite_after = "",
	.doing = { "está", "están" },
	.being_at = { "está", "están" },
	.being = { "es", "son" },
	.no = "no",
	.nobody = "nadie está",
	.nobody_else = "nadie más está",
	.purpose = "para",
	.adjective_first = false,
	.no_first = true,
	.a_an = false,
	.time = {
		{ "por la mañana", "muy temprano por la mañana", "en una mañana fresca" },
		{ "al mediodía", "un domingo al mediodía", "al mediodía de un lunes" },
		{ "por la tarde", "a media tarde", "en una tarde calurosa" },
		{ "por la noche", "a primera hora de la noche", "en una noche tranquila" },
	},
	.extra = {
		"con un buen amigo", "mientras dos niños miran", "con una gran sonrisa",
		"después de un largo descanso", "mientras suena una radio", "por primera vez",
	},
	.goal = {
		"ahorrar dinero para un viaje", "ayudar a un vecino enfermo",
		"sorprender a un viejo amigo", "ganar una pequeña apuesta",
		"aprender algo nuevo", "mantener a una familia numerosa",
		"olvidar un mal día", "preparar la fiesta del pueblo",
	},
	.scene = {
		{ "en el mercado", { "en el mercado lleno de gente", "en el viejo mercado del pueblo" }, {
			{ "vendiendo fruta fresca", "vendiendo fruta", "vendiendo comida" },
			{ "pesando tomates maduros", "pesando tomates", "pesando verduras" },
			{ "regateando por una manta de lana", "regateando por una manta", "regateando" },
			{ "cargando cestas de pan caliente", "cargando cestas de pan", "cargando cestas" } } },
		{ "en la escuela", { "en la escuela nueva", "en la pequeña escuela del pueblo" }, {
			{ "leyendo un largo cuento en voz alta", "leyendo un cuento", "leyendo en voz alta" },
			{ "dibujando un gran mapa en la pizarra", "dibujando un mapa", "dibujando en la pizarra" },
			{ "preparando un difícil examen de ciencias", "preparando un examen de ciencias", "preparando un examen" },
			{ "reparando un pupitre roto", "reparando un pupitre", "reparando un mueble" } } },
		{ "en el hospital", { "en el hospital nuevo", "en el gran hospital de la ciudad" }, {
			{ "examinando una rodilla herida", "examinando una rodilla", "examinando a alguien" },
			{ "doblando sábanas blancas y limpias", "doblando sábanas blancas", "doblando sábanas" },
			{ "escribiendo un largo informe médico", "escribiendo un informe médico", "escribiendo un informe" },
			{ "empujando una silla de ruedas vacía", "empujando una silla de ruedas", "empujando algo" } } },
		{ "en el puerto", { "en el puerto antiguo", "en el pequeño puerto pesquero" }, {
			{ "remendando una vieja red de pesca", "remendando una red de pesca", "remendando una red" },
			{ "cargando cajas pesadas en un barco", "cargando cajas en un barco", "cargando un barco" },
			{ "pintando una pequeña barca de madera", "pintando una barca de madera", "pintando una barca" },
			{ "atando una cuerda gruesa a un poste", "atando una cuerda a un poste", "atando una cuerda" } } },
		{ "en la granja", { "en la granja verde", "en la granja junto a las colinas" }, {
			{ "dando de comer a las gallinas hambrientas", "dando de comer a las gallinas", "dando de comer a los animales" },
			{ "cosechando maíz dulce", "cosechando maíz", "recogiendo la cosecha" },
			{ "ordeñando vacas marrones", "ordeñando vacas", "trabajando con animales" },
			{ "construyendo una larga cerca de madera", "construyendo una cerca de madera", "construyendo una cerca" } } },
		{ "en la biblioteca", { "en la biblioteca silenciosa", "en la antigua biblioteca de la ciudad" }, {
			{ "estudiando una novela gruesa", "estudiando una novela", "estudiando un libro" },
			{ "ordenando libros polvorientos en un estante", "ordenando libros en un estante", "ordenando libros" },
			{ "copiando un poema antiguo", "copiando un poema", "copiando un texto" },
			{ "buscando una carta perdida", "buscando una carta", "buscando algo" } } },
		{ "en la estación de tren", { "en la ruidosa estación de tren", "en la estación de tren de la capital" }, {
			{ "esperando un tren retrasado", "esperando un tren", "esperando" },
			{ "arrastrando una pesada maleta negra", "arrastrando una maleta negra", "arrastrando una maleta" },
			{ "revisando los billetes de los nuevos pasajeros", "revisando los billetes de los pasajeros", "revisando billetes" },
			{ "limpiando las ventanas mojadas de un tren", "limpiando las ventanas de un tren", "limpiando ventanas" } } },
		{ "en el estadio", { "en el estadio vacío", "en el nuevo estadio de fútbol" }, {
			{ "practicando tiros libres difíciles", "practicando tiros libres", "practicando" },
			{ "corriendo lentas vueltas a la pista", "corriendo vueltas a la pista", "corriendo" },
			{ "cortando el césped alto", "cortando el césped", "cortando algo" },
			{ "pintando líneas blancas y rectas", "pintando líneas blancas", "pintando líneas" } } },
		{ "en la cocina", { "en la cocina calurosa", "en la cocina de un hotel" }, {
			{ "picando cebollas rojas y frescas", "picando cebollas rojas", "picando cebollas" },
			{ "lavando platos sucios", "lavando platos", "lavando algo" },
			{ "decorando un gran pastel de chocolate", "decorando un pastel de chocolate", "decorando un pastel" },
			{ "removiendo una olla de sopa picante", "removiendo una olla de sopa", "removiendo la sopa" } } },
		{ "en el bosque", { "en el bosque oscuro", "en el bosque detrás del lago" }, {
			{ "recogiendo leña seca", "recogiendo leña", "recogiendo madera" },
			{ "fotografiando un pájaro raro", "fotografiando un pájaro", "fotografiando un animal" },
			{ "buscando grandes setas silvestres", "buscando setas silvestres", "buscando setas" },
			{ "midiendo árboles muy altos", "midiendo árboles altos", "midiendo árboles" } } },
	},
	.negation = " no nadie ",
};
