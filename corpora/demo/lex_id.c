/* lex_id.c - the Indonesian lexicon of the demo corpus. */
#include "corpora/demo/gen.h"

/* clang-format off: a table reads better by rows. */

#define SAME(word)                     \
	{                              \
		word, word, word, word \
	}
#define NOUN(word)                \
	{                         \
		word, word, false \
	}

const struct demo_lang demo_id = {
	.code = "id",
	.agent = {
		NOUN("guru"), NOUN("siswa"), NOUN("perawat"), NOUN("dokter"),
		NOUN("petani"), NOUN("nelayan"), NOUN("pelaut"), NOUN("koki"),
		NOUN("tukang roti"), NOUN("pedagang"), NOUN("pustakawan"),
		NOUN("pelancong"), NOUN("pemain"), NOUN("pelatih"),
		NOUN("tukang kebun"), NOUN("fotografer"), NOUN("buruh"),
		NOUN("sukarelawan"),
	},
	.person = NOUN("orang"),
	.adjective = { SAME("muda"), SAME("tinggi"), SAME("ceria"), SAME("kuat"),
		       SAME("sabar"), SAME("ramah"), SAME("pemalu"), SAME("rapi") },
	.number = { { "seorang", "dua", "tiga" }, { "seorang", "dua", "tiga" } },
	.definite = { { "", "kedua", "ketiga" }, { "", "kedua", "ketiga" } },
	.definite_after = "itu",
	.doing = { "sedang", "sedang" },
	.being_at = { "berada", "berada" },
	.being = { "", "" },
	.no = "tidak",
	.nobody = "tidak ada yang sedang",
	.nobody_else = "tidak ada orang lain yang sedang",
	.purpose = "untuk",
	.adjective_first = false,
	.no_first = true,
	.a_an = false,
	.time = {
		{ "pada pagi hari", "pada pagi hari yang sejuk", "pada pagi hari yang cerah" },
		{ "pada siang hari", "pada siang hari yang panas", "pada hari Minggu siang" },
		{ "pada sore hari", "pada sore hari yang hangat", "pada sore hari yang mendung" },
		{ "pada malam hari", "pada malam hari yang tenang", "pada awal malam" },
	},
	.extra = {
		"bersama seorang teman dekat", "sementara dua anak menonton",
		"sambil tersenyum lebar", "setelah istirahat panjang",
		"sementara radio menyala", "dengan wajah serius",
	},
	.goal = {
		"menabung uang demi sebuah perjalanan", "membantu tetangga yang sakit",
		"mengejutkan seorang teman lama", "memenangkan taruhan kecil",
		"mempelajari hal baru", "menghidupi keluarga besar",
		"melupakan hari yang buruk", "menyiapkan pesta desa",
	},
	.scene = {
		{ "di pasar", { "di pasar yang ramai", "di pasar desa yang tua" }, {
			{ "menjual buah segar", "menjual buah", "menjual makanan" },
			{ "menimbang tomat matang", "menimbang tomat", "menimbang sayuran" },
			{ "menawar sehelai selimut wol", "menawar sehelai selimut", "menawar barang" },
			{ "membawa keranjang berisi roti hangat", "membawa keranjang berisi roti", "membawa keranjang" } } },
		{ "di sekolah", { "di sekolah yang baru", "di sekolah desa yang kecil" }, {
			{ "membacakan cerita yang panjang", "membacakan cerita", "membaca dengan suara keras" },
			{ "menggambar peta besar di papan tulis", "menggambar peta", "menggambar di papan tulis" },
			{ "menyiapkan ujian sains yang sulit", "menyiapkan ujian sains", "menyiapkan ujian" },
			{ "memperbaiki meja yang rusak", "memperbaiki meja", "memperbaiki perabot" } } },
		{ "di rumah sakit", { "di rumah sakit yang sibuk", "di rumah sakit kota yang besar" }, {
			{ "memeriksa lutut yang terluka", "memeriksa lutut", "memeriksa seseorang" },
			{ "melipat seprai putih yang bersih", "melipat seprai putih", "melipat seprai" },
			{ "menulis laporan medis yang lengkap", "menulis laporan medis", "menulis laporan" },
			{ "mendorong kursi roda yang kosong", "mendorong kursi roda", "mendorong sesuatu" } } },
		{ "di pelabuhan", { "di pelabuhan yang berangin", "di pelabuhan ikan yang tua" }, {
			{ "menambal jaring ikan yang robek", "menambal jaring ikan", "menambal jaring" },
			{ "memuat peti berat ke kapal", "memuat peti ke kapal", "memuat barang" },
			{ "mengecat perahu kayu yang kecil", "mengecat perahu kayu", "mengecat perahu" },
			{ "mengikat tali tebal pada tiang", "mengikat tali pada tiang", "mengikat tali" } } },
		{ "di peternakan", { "di peternakan yang hijau", "di peternakan dekat perbukitan" }, {
			{ "memberi makan ayam yang lapar", "memberi makan ayam", "memberi makan hewan" },
			{ "memanen jagung manis", "memanen jagung", "memanen tanaman" },
			{ "memerah sapi cokelat", "memerah sapi", "bekerja dengan hewan" },
			{ "membangun pagar kayu yang panjang", "membangun pagar kayu", "membangun pagar" } } },
		{ "di perpustakaan", { "di perpustakaan yang sunyi", "di perpustakaan kota yang tua" }, {
			{ "mempelajari novel yang tebal", "mempelajari novel", "mempelajari buku" },
			{ "menata buku berdebu di rak", "menata buku di rak", "menata buku" },
			{ "menyalin puisi kuno", "menyalin puisi", "menyalin teks" },
			{ "mencari surat yang hilang", "mencari surat", "mencari sesuatu" } } },
		{ "di stasiun kereta", { "di stasiun kereta yang bising", "di stasiun kereta kota kecil" }, {
			{ "menunggu kereta yang terlambat", "menunggu kereta", "menunggu" },
			{ "menyeret koper hitam yang berat", "menyeret koper hitam", "menyeret koper" },
			{ "memeriksa tiket para penumpang baru", "memeriksa tiket para penumpang", "memeriksa tiket" },
			{ "menyeka jendela kereta yang basah", "menyeka jendela kereta", "menyeka jendela" } } },
		{ "di stadion", { "di stadion yang kosong", "di stadion sepak bola yang baru" }, {
			{ "melatih tendangan bebas yang sulit", "melatih tendangan bebas", "melatih tendangan" },
			{ "berlari pelan mengelilingi lapangan", "berlari mengelilingi lapangan", "berlari" },
			{ "memotong rumput yang panjang", "memotong rumput", "memotong sesuatu" },
			{ "membuat garis putih yang lurus", "membuat garis putih", "membuat garis" } } },
		{ "di dapur", { "di dapur yang panas", "di dapur sebuah hotel" }, {
			{ "mengiris bawang merah segar", "mengiris bawang merah", "mengiris bawang" },
			{ "mencuci piring yang kotor", "mencuci piring", "mencuci peralatan makan" },
			{ "menghias kue cokelat yang besar", "menghias kue cokelat", "menghias kue" },
			{ "mengaduk sepanci sup pedas", "mengaduk sepanci sup", "mengaduk sup" } } },
		{ "di hutan", { "di hutan yang gelap", "di hutan di belakang danau" }, {
			{ "mengumpulkan kayu bakar kering", "mengumpulkan kayu bakar", "mengumpulkan kayu" },
			{ "memotret burung langka", "memotret burung", "memotret hewan" },
			{ "memetik jamur liar yang besar", "memetik jamur liar", "memetik jamur" },
			{ "mengukur pohon yang sangat tinggi", "mengukur pohon tinggi", "mengukur pohon" } } },
	},
	.negation = " tidak ",
};
