#!/bin/sh
# world.sh - write records and cues in scripts that run right to left, have no spaces or stack
# their marks, with names of genres in them too.
lines() {
	cat <<'END'
ar	رجل يعزف على الغيتار في الشارع.	الرجل لا يعزف على آلة.	أخبار وتقارير	لا
he	איש מנגן בגיטרה ברחוב.	האיש לא מנגן בכלי.	חדשות מהעולם	לא
fa	مردی در خیابان گیتار می‌نوازد.	مرد ساز نمی‌نوازد.	خبرهای روز	نمی‌نوازد
ur	ایک آدمی سڑک پر گٹار بجا رہا ہے۔	آدمی کوئی ساز نہیں بجا رہا۔	خبریں	نہیں
zh	一个男人在街上弹吉他。	这个男人没有弹乐器。	新闻报道与评论文章	没有
ja	男が通りでギターを弾いている。	男は楽器を弾いていない。	ニュース記事	いない
ko	한 남자가 거리에서 기타를 친다.	남자는 악기를 치지 않는다.	뉴스 기사	않는다
th	ผู้ชายคนหนึ่งกำลังเล่นกีตาร์บนถนน	ผู้ชายไม่ได้เล่นเครื่องดนตรี	ข่าวประจำวัน	ไม่ได้
hi	एक आदमी सड़क पर गिटार बजा रहा है।	आदमी कोई वाद्य नहीं बजा रहा है।	समाचार	नहीं
ta	ஒரு மனிதன் தெருவில் கித்தார் வாசிக்கிறான்.	மனிதன் எந்தக் கருவியையும் வாசிக்கவில்லை.	செய்திகள்	வாசிக்கவில்லை
el	Ένας άντρας παίζει κιθάρα στον δρόμο.	Ο άντρας δεν παίζει όργανο.	ειδήσεις	δεν
de	Ein Mann spielt auf der Straße Gitarre.	Der Mann spielt kein Instrument.	Rechtsschutzversicherungsgesellschaften	kein
END
}
lines | awk -F '\t' '{
	split("entailment neutral contradiction", label, " ")
	for (i = 1; i <= 45; i++) {
		gold = label[i % 3 + 1]
		pred = i % 5 < 3 ? gold : label[(i + 1) % 3 + 1]
		printf "{\"id\":\"world/%s-%d\",\"task\":\"nli\",\"lang\":\"%s\",\"corpus\":\"world\",\"split\":\"%s\",\"premise\":\"%s (%d)\",\"hypothesis\":\"%s\",\"label\":\"%s\",\"group\":\"%s-%d\",\"meta\":{\"genre\":\"%s\"},\"hyponly\":{\"pred\":\"%s\",\"p\":{\"%s\":0.6,\"x\":0.4},\"pvi\":0.2}}\n", $1, i, $1, i % 9 ? "train" : "test", $2, i % 7, $3, gold, $1, i, $4, pred, pred
	}
	printf "{\"feature\":\"%s\",\"family\":\"word\",\"label\":\"contradiction\",\"n_w\":%d,\"n_wy\":%d,\"share\":0.33,\"p\":%.2f,\"z\":%d,\"q_bh\":0.001,\"replicated\":true}\n", $5, 20 * NR, 13 * NR, 0.5 + NR / 30, 3 + NR
}'
