"""Phrases that begin the subjects of automatic messages, in the languages of our students.

The 24 languages of the European Union, Welsh and Norwegian, and those most spoken by students from
elsewhere. Plain phrases, compared without accents and capitals (``for_comparing``), so that a list
can be read and corrected by anyone who knows the language. They are checked last: a mail server's
headers count first.
"""

from __future__ import annotations

import unicodedata


def for_comparing(text: str) -> str:
    """Normalise a text for comparing: lower case, no accents, single spaces, plain colons."""
    folded = unicodedata.normalize("NFKD", text.casefold()).replace("ı", "i")
    letters = (each for each in folded if not unicodedata.combining(each))
    return " ".join("".join(letters).replace("：", ":").split())


def _all_of(text: str) -> tuple[str, ...]:
    phrases = {for_comparing(each) for line in text.splitlines() for each in line.split("|")}
    return tuple(sorted(phrases - {""}))


AUTOMATIC = _all_of("""
automatic reply|automatic response|automated reply|automated response|auto reply|auto-reply
autoreply|auto response|auto-response|autoresponse|auto responder|autoresponder
out of office|out of the office|out of office reply|out of office autoreply
out of office auto-reply|out-of-office|vacation reply|vacation response
vacation auto-reply|away from office|away from the office|on annual leave
ymateb awtomatig|ateb awtomatig|allan o'r swyddfa
автоматичен отговор|автоматично отговаряне|извън офиса
automatski odgovor|аутоматски одговор|izvan ureda
automatická odpověď|automatická odpoveď|mimo kancelář|mimo kancelárie
automatisk svar|autosvar|automatisk fraværsmelding|ikke på kontoret
automatisch antwoord|automatische beantwoording|afwezigheidsmelding|afwezigheidsbericht
niet op kantoor
automaatvastus|automaatne vastus|kontorist väljas|kontorist ära
automaattinen vastaus|automaattivastaus|poissaoloilmoitus|poissa toimistosta
réponse automatique|absence du bureau|absent du bureau|absente du bureau|message d'absence
automatische antwort|abwesenheitsnotiz|abwesenheitsnachricht|abwesenheitsassistent
automatische antwort auf|automatische abwesenheitsnotiz|nicht im büro
αυτόματη απάντηση|εκτός γραφείου|απουσία από το γραφείο
automatikus válasz|házon kívül|irodán kívül|távolléti üzenet
freagra uathoibríoch|uathfhreagra|as an oifig|as oifig
risposta automatica|fuori ufficio|fuori sede|assente dall'ufficio
automātiska atbilde|automātiskā atbilde|ārpus biroja
automatinis atsakymas|ne biure|nesu biure
tweġiba awtomatika|risposta awtomatika|barra mill-uffiċċju
odpowiedź automatyczna|automatyczna odpowiedź|poza biurem|autoodpowiedź
resposta automática|ausência temporária|ausência do escritório|fora do escritório
ausente do escritório
răspuns automat|în afara biroului|absent de la birou
samodejni odgovor|avtomatski odgovor|zunaj pisarne
respuesta automática|fuera de oficina|fuera de la oficina|ausente de la oficina
automatiskt svar|frånvaromeddelande|inte på kontoret
автоматический ответ|автоответ|вне офиса
автоматична відповідь|автовідповідь
自动回复|自动答复|自动应答|自動回覆|自動回應|自動答覆|不在办公室|不在辦公室
自動応答|自動返信|不在通知
자동 회신|자동회신|자동 응답|자동응답|자동 답장
स्वचालित उत्तर|स्वतः उत्तर|स्वचालित जवाब|स्वचालित प्रत्युत्तर|कार्यालय से बाहर
स्वचालित जवाफ|स्वतः जवाफ|कार्यालय बाहिर
خودکار جواب|دفتر سے باہر
رد تلقائي|الرد التلقائي|رد آلي|خارج المكتب
otomatik yanıt|otomatik cevap|ofis dışında|ofis dışındayım
trả lời tự động|tự động trả lời|thư trả lời tự động|không có ở văn phòng
স্বয়ংক্রিয় উত্তর|স্বয়ংক্রিয় জবাব|অফিসের বাইরে
پاسخ خودکار|balasan otomatis|balasan automatik|jawapan automatik|jibu la kiotomatiki
ตอบกลับอัตโนมัติ|การตอบกลับอัตโนมัติ
தானியங்கி பதில்|தானியங்கு பதில்|தானியங்கி மறுமொழி|ਆਟੋਮੈਟਿਕ ਜਵਾਬ|ਸਵੈਚਲਿਤ ਜਵਾਬ
స్వయంచాలక ప్రత్యుత్తరం|ఆటోమేటిక్ ప్రత్యుత్తరం|സ്വയമേവയുള്ള മറുപടി|യാന്ത്രിക മറുപടി
સ્વચાલિત જવાબ|આપોઆપ જવાબ|स्वयंचलित प्रत्युत्तर|स्वयंचलित उत्तर|ස්වයංක්‍රීය පිළිතුර
מענה אוטומטי|תשובה אוטומטית|מחוץ למשרד|ìdáhùn aládàáṣiṣẹ́|ራስ-ሰር ምላሽ|ራስ ሰር ምላሽ|amsa ta atomatik
azịza akpaaka|nzaghachi akpaaka|jawaab otomaatig ah|اتوماتیک ځواب|avtomatik cavab|avtomatik javob
автоматты жауап|ավտոմատ պատասխան|ავტომატური პასუხი|sjálfvirkt svar
""")
"""An absence notice or another automatic reply, in words that mean nothing else."""

ABSENT = _all_of("""
odsutan|odsutna|nepřítomnost|neprítomnosť|ikke til stede|fraværende|fravær|afwezig|niet aanwezig
poissa|abwesend|abwesenheit|nieobecność|odsoten|odsotna|odsotnost|frånvarande|frånvaro
нет на работе|外出|不在|부재 중|부재중|vắng mặt|ooo
on vacation|on leave|i am on leave|on annual leave|annual leave|maternity leave
ich bin nicht im büro|nicht im büro|out of office|out of the office
""")
"""Phrases of absence: a student may also begin with one, to explain why they were absent."""

UNDELIVERED = _all_of("""
undeliver|not delivered|not be delivered|non-delivery|non delivery|delivery fail
delivery has failed|delivery failure
failure notice|returned mail|returned to sender|returning message to sender
mail failure|address not found|user unknown|unknown user|no such user|mailbox full|mailbox is full
over quota|quota exceeded|mailbox unavailable|recipient rejected|message you sent blocked
발송실패|수신거부|전송실패
delivery status notification (failure)|could not be sent|cannot be delivered|delivery problem
message blocked|mail system error
ni ellir danfon|heb ei ddanfon|heb ei ddosbarthu
недостав|не може да бъде доставен|не може да се достави|не е доставен|nije isporučen
nije moguće isporučiti|nemoguće isporučiti
nedoručiteln|nelze doručit|nedoručiteľn|nedoručen|nebyla doručena|nebyl doručen
nepodařilo se doručit|nepodarilo doručiť|nebola doručená|nie je možné doručiť|nemožno doručiť
ikke leveres|ikke leveret|uleveret|onbestelbaar|niet bezorgd|niet afgeleverd|niet worden bezorgd
niet worden afgeleverd|ei saa kohale toimetada|ei saanud kohale toimetada|kohaletoimetamatu
ei õnnestunud kohale toimetada|ei voitu toimittaa|ei voida toimittaa
pas pu être remis|pas été remis|impossible de remettre|échec de l'envoi|pas été distribué
zustellung nicht möglich|zustellfehler|δεν ήταν δυνατή η παράδοση|αποτυχία παράδοσης
nem sikerült kézbesíteni|kézbesítési hiba|a sheachadadh|theip ar sheachadadh
non è stato recapitato|non è stato consegnato|non è stato possibile recapitare|non recapitat
nevarēja piegādāt|netika piegād|neizdevās piegādāt|nepristatom|nebuvo pristatyt
ma setax jitwassal|ma jistax jitwassal|ma ntbagħatx|nie udało się dostarczyć|niedoręcz
nie została dostarczona|nie mogła zostać dostarczona|não pôde ser entregue|não foi entregue
impossível entregar|nu se poate livra|nu s-a putut livra|nu a fost livrat|livrare eșuată
ni bilo dostavljeno|ni bila dostavljena|no se ha podido entregar|no ha podido entregarse
no pudo entregarse|no pudo ser entregado|imposible entregar|inte levereras|ikke levert
kättetoimetamatu|ei voi toimittaa|ei toimitettu|toimitus epäonnistui|non remis
échec de la remise|échec de remise|échec de distribution|non distribu|unzustellbar
nicht zugestellt|zustellung fehlgeschlagen|unzustellbarkeit
δεν παραδόθηκε|δεν είναι δυνατή η παράδοση|αδύνατη η παράδοση|ανεπίδοτο
kézbesíthetetlen|nem kézbesíthető|sikertelen kézbesítés|do-sheachadta|níor seachadadh
non recapitabile|mancato recapito|non consegnat|impossibile recapitare|recapito non riuscito
nepiegād|nevar piegādāt|nepristaty|nepavyko pristatyti|ma tistax titwassal|ma twasslitx
niedostarcz|nie można dostarczyć|nie dostarczono|zwrot wiadomości|não entregue
não é possível entregar|não foi possível entregar|falha na entrega|nelivra|imposibil de livrat
nu a putut fi livrat|ni mogoče dostaviti|ni bilo mogoče dostaviti|nedostavljiv|ni dostavljeno
no se puede entregar|no se pudo entregar|no entregado|entrega fallida|error de entrega
går inte att leverera|kunde inte levereras|olevererbart|ej levererat|kan ikke leveres
не удалось доставить|недоставлен|не доставлен|не доставлено|无法送达|无法投递|未送达|未能送达
退信|投递失败|传递失败|無法傳遞|未傳遞|無法送達|傳遞失敗|配信不能|配信できません|配信失敗|送信失敗
배달되지 않|배달 안 됨|배달할 수 없|전송 실패|발송 실패|반송
वितरित नहीं|अवितरित|अवितरणीय|डेलिभर गर्न सकिएन|पठाउन सकिएन|বিতরণযোগ্য নয়|পাঠানো যায়নি
डिलीवर नहीं|डेलिभर हुन सकेन|পৌঁছানো যায়নি|বিতরণ করা যায়নি
ناقابل ترسیل|نہیں پہنچ|ترسیل نہیں|غير قابل للتسليم|غير قابلة للتسليم|لم تصل|تعذر التسليم
تعذر تسليم|لم يتم التسليم|لم يتم تسليم|فشل التسليم
не вдалося доставити|не доставлено|ไม่สามารถส่ง|ส่งไม่สำเร็จ|tidak terkirim|tidak dapat dikirim
tidak dapat dihantar|gagal dihantar|تحویل داده نشد|ارسال نشد|ਨਾ ਭੇਜਣਯੋਗ|ਡਿਲੀਵਰ ਨਹੀਂ
வழங்க முடியவில்லை|לא ניתן למסור|לא נמסר|బట్వాడా చేయబడలేదు|
teslim edileme|iletilemedi|gönderilemedi|không thể gửi|không gửi được|không thể phân phối
""")
"""Phrases anywhere in the subject of a mail server's message: the email has not arrived."""

RECEIPT = _all_of("""
return receipt|read receipt|delivery receipt|return receipt (displayed)|derbynneb darllen
lesebestätigung|empfangsbestätigung|accusé de réception|accusé de lecture|confirmation de lecture
confirmación de lectura|confirmación de entrega|conferma di lettura|ricevuta di ritorno
leesbevestiging|ontvangstbevestiging|potwierdzenie przeczytania|recibo de leitura
confirmação de leitura|læsekvittering|läskvitto|lukukuittaus|potvrzení o přečtení
potvrdenie o prečítaní|olvasási visszaigazolás|confirmare de citire|потвърждение за прочитане
potvrda o čitanju|potvrdilo o branju|lugemiskinnitus|lasīšanas apstiprinājums
skaitymo patvirtinimas|αποδεικτικό ανάγνωσης|уведомление о прочтении|已读回执|讀取回條|已讀回條
開封確認|읽음 확인|إيصال القراءة|okundu bilgisi|xác nhận đã đọc|admháil léite
acuse de lectura|acuse de recibo|confirmação de entrega|leesbewijs|kvittering for læsning
potwierdzenie odczytu|olvasási nyugta|απόδειξη ανάγνωσης|irċevuta tal-qari|lugemiskviitung
підтвердження прочитання|подтверждение прочтения|阅读回执|閱讀回條|開封通知|수신 확인
पठन रसीद|पढ़ने की रसीद
پڑھنے کی رسید|পঠন রসিদ|biên nhận đã đọc|okundu bildirimi|رسید خواندن|tanda terima baca
""")
"""A receipt of reading, in words that mean nothing else."""

READ = _all_of("""
recall|auto
read|not read|deleted|darllenwyd|gelesen|ungelesen|nicht gelesen|lu|non lu|leído|no leído|letto
non letto|gelezen|niet gelezen|przeczytano|lido|não lido|læst|ikke læst|läst|oläst|luettu
lukematta|přečteno|prečítané|elolvasva|citit|прочетено|pročitano|prebrano|loetud|lasīts
perskaityta|αναγνώσθηκε|прочитано|已读|已讀|未读|開封済み|既読|읽음|تمت القراءة|okundu|đã đọc
przeczytane|nieprzeczytane|odczytano|olvasott|olvasva|αναγνώστηκε|διαβάστηκε|léite|moqri|inqara
прочитане|не прочитано|pročitane|neprečítané|nepřečteno|necitit|lasīta
पढ़ा|पढ़ा गया|पढियो|পঠিত|পড়া হয়েছে|پڑھا گیا|مقروءة|خوانده شد|已閱讀|已阅读|dibaca|อ่านแล้ว
lest|ikke lest|nelasīts
imesomwa|נקרא|okunmadı|chưa đọc|읽지 않음|未読
""")
"""The one word with which mail programs begin such a receipt; a person may use it too."""

NOTICES = _all_of("""
we have received your|your message has been received|your request has been received
ticket received|request received|ticket created|case created|acknowledgement of your
email address change|change of email address|mailbox no longer|i have left the university
thank you for contacting us|thank you for your email
""")
"""How the subjects of other machines' messages begin, which a person is unlikely to write."""

ABSENT_ANYWHERE = _all_of("""
is out of the office|will be out of the office|[out of office]|(out of office)
""")
"""Phrases anywhere in a subject, after a name or ours."""

MACHINES_SAY = _all_of("""
this is an automatic|this is an automated|this is an auto-generated|automatically generated
out of the office|out of office|limited access to my email|limited access to email
this mailbox is not monitored|mailbox is no longer monitored|do not reply to this email
no longer in use|no longer monitored|no longer at this address
confirm that you are human|confirm you are human|prove that you are human|prove you are human
you are not a robot|you are a real person|verify your email address|verify that you sent
message to me needs verification|protecting myself from receiving junk|protect myself from spam
just this once, click|to be added to my|approved senders|sender verification|is awaiting approval
your message is being held|has been quarantined|complete this verification|challenge-response
bestätigen sie, dass sie ein mensch|confirmez que vous êtes|confirme que es humano
neges awtomatig|allan o'r swyddfa|dies ist eine automatische|automatisch generiert
nicht im büro|automatisch erstellt|ceci est une réponse automatique|généré automatiquement
absent du bureau|absente du bureau|esta es una respuesta automática|generado automáticamente
fuera de la oficina|questa è una risposta automatica|generato automaticamente|fuori ufficio
dit is een automatisch|automatisch gegenereerd|afwezig tot|to jest automatyczna
wygenerowana automatycznie|poza biurem|esta é uma resposta automática|fora do escritório
gerada automaticamente|dette er en automatisk|dette er et automatisk|detta är ett automatiskt
tämä on automaattinen
toto je automatická|ez egy automatikus|acesta este un răspuns automat|това е автоматичен
ovo je automatski|to je samodej|to je avtomat|freagra uathoibríoch|uathfhreagra|tweġiba awtomatika
ìdáhùn aládàáṣiṣẹ́|see on automaatne|šī ir automātiska|tai automatinis
αυτό είναι ένα αυτόματο|αυτή είναι μια αυτόματη|это автоматическ|сгенерировано автоматически
це автоматичн|这是自动|这是一封自动|自动回复|此邮件为自动|這是自動|這是一封自動|自動回覆
自動送信|自動返信|자동으로 발송|자동 발송|자동 응답
यह एक स्वचालित|यो स्वचालित|এটি একটি স্বয়ংক্রিয়|یہ ایک خودکار|هذا رد تلقائي|هذه رسالة تلقائية
away from my email|away from my desk|away from the office|limited email access|annual leave until
no access to email|no access to my email|will respond when i|will reply on my return|upon my return
auto response|auto-response|auto reply|auto-reply|automatic reply|automatic response
automated response|we have received your|your email has been received|no longer use this email
no longer used|email address has changed|thank you for contacting us
nicht erreichbar|wieder im büro|keinen zugriff auf meine e-mail|absent jusqu'au|absente jusqu'au
actuellement absent|actuellement en congé|pas accès à ma messagerie|estarei ausente|ausente até
niet op kantoor|inte på kontoret|ikke på kontoret|poissa toimistosta|mimo kancelář|mimo kancelárie
nie som v kancelárii|házon kívül|szabadságon vagyok|plecat din birou|nu sunt la birou
sunt în concediu|извън офиса|съм в отпуск|вне офиса|в отпуске|поза офісом|у відпустці|na urlopie
εκτός γραφείου|λείπω σε άδεια|ofis dışında|yıllık izin|不在办公室|不在辦公室|正在休假|来信已收到
邮件我已收到|休暇中|不在にして|부재 중|휴가 중|خارج المكتب|في إجازة|कार्यालय से बाहर|دفتر سے باہر
đang nghỉ phép|sedang cuti|ไม่อยู่ที่สำนักงาน|as oifig
bu otomatik bir|đây là thư trả lời tự động|đây là email tự động
""")
"""Phrases in the first lines of a text that a person is unlikely to write, but may."""


def begins(subject: str, phrases: tuple[str, ...], ends: tuple[str, ...]) -> bool:
    """Return whether the subject is a phrase followed by one of ``ends``; '' means nothing more."""
    for phrase in phrases:
        rest = subject[len(phrase) :].lstrip()
        is_over = not rest and "" in ends
        goes_on = any(each and rest.startswith(each) for each in ends)
        if subject.startswith(phrase) and (is_over or goes_on):
            return True
    return False


def says(text: str, phrases: tuple[str, ...]) -> bool:
    """Return whether the text contains one of the phrases."""
    return any(phrase in text for phrase in phrases)
