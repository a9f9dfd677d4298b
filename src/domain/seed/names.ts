// Where made-up people come from: names, towns and numbers of many languages, also long ones and ones from right to left.
// Phone numbers lie in ranges kept for films where a country has one.

/** A region and what its people are called. Texts are lists separated by `|`, since names hold blanks. */
export type Region = {
  readonly country: string;
  readonly first: string;
  readonly last: string;
  /** Town, state and postcode, in this order, with commas. */
  readonly towns: string;
  readonly streets: string;
  /** How companies end. */
  readonly companies: string;
  /** In the form in which numbers are kept; each `#` becomes a digit. */
  readonly phone: string;
  /** The number stands before the street. */
  readonly numberFirst?: true;
};

/** Names that are longer than anybody who designs a table expects. */
export const LONG_NAMES: readonly (readonly [first: string, last: string])[] = [
  ['Pablo Diego José Francisco de Paula Juan Nepomuceno María', 'de los Remedios y Santísima Trinidad Ruiz'],
  ['Hubert Blaine', 'Wolfeschlegelsteinhausenbergerdorff'],
  ['Janice', 'Keihanaikukauakahihuliheekahaunaele'],
  ['Rattanakosin Phrachaomahachakkraphat', 'Charoensukthawisapsomboonrungrueangkitti'],
  ['X', 'Æ'],
  ['O', 'Ó'],
];

/** The regions; the first ones are met most. */
export const REGIONS: readonly Region[] = [
  {
    country: 'US',
    first:
      'James|Mary|Robert|Patricia|Michael|Jennifer|Linda|David|Elizabeth|William|Barbara|Susan|Jessica|Joseph|Karen|Thomas|Sarah|Charles|Nancy|Daniel|Lisa|Matthew|Betty|Anthony|Margaret|Mark|Sandra|Donald|Ashley|Steven',
    last: 'Smith|Johnson|Williams|Brown|Jones|Miller|Davis|Wilson|Anderson|Taylor|Moore|Jackson|Martin|Lee|Thompson|White|Harris|Clark|Lewis|Robinson|Walker|Young|Allen|King|Wright|Scott|Torres|Hill|Green|Adams|Nelson|Baker|Hall|Campbell|Mitchell',
    towns:
      'Springfield, Illinois, 62701|Portland, Oregon, 97201|Austin, Texas, 78701|Madison, Wisconsin, 53703|Albany, New York, 12207|Boise, Idaho, 83702',
    streets: 'Maple Avenue|Second Street|Lincoln Road|Oak Drive|Washington Boulevard|Cedar Lane',
    companies: 'Inc.|LLC|Hosting|Group|& Sons|Studio',
    phone: '+1.2125550###',
    numberFirst: true,
  },
  {
    country: 'GB',
    first:
      'Oliver|Amelia|George|Isla|Arthur|Ava|Noah|Ivy|Muhammad|Freya|Leo|Lily|Oscar|Florence|Harry|Willow|Archie|Rosie|Siobhán|Niamh',
    last: 'Smith|Jones|Taylor|Brown|Davies|Evans|Thomas|Roberts|Johnson|Walker|Wright|Robinson|Thompson|White|Hughes|Edwards|Green|Hall|Wood|Harris|Clarke|Patel|O’Connor|Llewellyn|Featherstonehaugh',
    towns:
      'Leeds, West Yorkshire, LS1 4AP|Bristol, Bristol, BS1 5TR|Glasgow, Lanarkshire, G2 1DU|Cardiff, South Glamorgan, CF10 1EP|Norwich, Norfolk, NR2 1TF',
    streets: 'High Street|Station Road|Church Lane|Victoria Road|Mill Lane|The Crescent',
    companies: 'Ltd|& Co|Digital|Partners LLP|Works',
    phone: '+44.2079460###',
    numberFirst: true,
  },
  {
    country: 'DE',
    first:
      'Anna|Lukas|Marie|Jonas|Sophie|Finn|Jürgen|Käthe|Björn|Hannelore|Günther|Lena|Felix|Emilia|Paul|Mia|Max|Ursula|Wolfgang|Jörg',
    last: 'Müller|Schmidt|Schneider|Fischer|Weber|Meyer|Wagner|Becker|Schulz|Hoffmann|Schäfer|Koch|Bauer|Richter|Klein|Wolf|Schröder|Neumann|Schwarz|Zimmermann|Groß|Krüger|Hofmann|Leutheusser-Schnarrenberger|von der Lühe',
    towns:
      'Köln, Nordrhein-Westfalen, 50667|München, Bayern, 80331|Leipzig, Sachsen, 04109|Göttingen, Niedersachsen, 37073|Tübingen, Baden-Württemberg, 72070',
    streets: 'Hauptstraße|Bahnhofstraße|Goethestraße|Am Mühlbach|Lindenallee|Königsweg',
    companies: 'GmbH|UG (haftungsbeschränkt)|AG|& Söhne KG|Werkstatt',
    phone: '+49.3023125###',
  },
  {
    country: 'FR',
    first:
      'Gabriel|Jade|Raphaël|Louise|Léo|Emma|Hélène|François|Chloé|Benoît|Océane|Jean-Baptiste|Zoé|Anaïs|Gaël|Marie-Thérèse',
    last: 'Martin|Bernard|Dubois|Thomas|Robert|Richard|Petit|Durand|Leroy|Moreau|Lefèvre|Garçon|d’Estaing|Béranger|Saint-Exupéry|de La Rochefoucauld',
    towns:
      'Lyon, Auvergne-Rhône-Alpes, 69002|Nîmes, Occitanie, 30000|Saint-Étienne, Loire, 42000|Orléans, Centre-Val de Loire, 45000',
    streets: 'rue de la République|avenue Victor-Hugo|place de l’Église|chemin des Vignes',
    companies: 'SARL|SAS|& Fils|Hébergement',
    phone: '+33.199000###',
    numberFirst: true,
  },
  {
    country: 'ES',
    first:
      'Lucía|Hugo|Martina|Mateo|Sofía|Martín|José María|María del Carmen|Íñigo|Begoña|Nuria|Álvaro|Ángel|Concepción',
    last: 'García Fernández|Rodríguez López|Martínez Pérez|Sánchez Gómez|Núñez Ibáñez|Muñoz Peña|Jiménez Ruiz|Etxeberria Agirre|Puig i Cadafalch|Castaño Vázquez',
    towns: 'Sevilla, Andalucía, 41001|A Coruña, Galicia, 15001|Logroño, La Rioja, 26001|Donostia, Gipuzkoa, 20003',
    streets: 'Calle Mayor|Avenida de la Constitución|Plaza de España|Paseo del Río',
    companies: 'S.L.|S.A.|Hermanos|y Cía.',
    phone: '+34.910000###',
  },
  {
    country: 'BR',
    first: 'Miguel|Helena|Arthur|Alice|Heitor|Laura|João|Conceição|Antônio|Inês|Thiago|Gonçalo|Luíza|Sebastião',
    last: 'Silva|Santos|Oliveira|Souza|Rodrigues|Ferreira|Araújo|Gonçalves|Conceição|dos Anjos|Guimarães|Brandão|de Assunção Magalhães',
    towns:
      'São Paulo, São Paulo, 01001-000|Belém, Pará, 66010-000|Florianópolis, Santa Catarina, 88010-000|Goiânia, Goiás, 74003-010',
    streets: 'Rua das Flores|Avenida Brasil|Travessa São João|Alameda Santos',
    companies: 'Ltda|S.A.|e Filhos|Serviços',
    phone: '+55.1130000###',
  },
  {
    country: 'PL',
    first: 'Zofia|Antoni|Łucja|Jakub|Małgorzata|Stanisław|Agnieszka|Krzysztof|Elżbieta|Świętosława|Grzegorz|Michał',
    last: 'Nowak|Kowalski|Wiśniewska|Wójcik|Kamiński|Lewandowska|Zieliński|Szymański|Woźniak|Dąbrowski|Brzęczyszczykiewicz|Źdźbłowska',
    towns: 'Łódź, łódzkie, 90-001|Kraków, małopolskie, 31-001|Gdańsk, pomorskie, 80-801|Wrocław, dolnośląskie, 50-001',
    streets: 'ul. Kościuszki|ul. Długa|al. Jana Pawła II|ul. Żwirki i Wigury',
    companies: 'sp. z o.o.|S.A.|i Wspólnicy|Usługi',
    phone: '+48.221000###',
  },
  {
    country: 'TR',
    first: 'Yusuf|Zeynep|Ömer|Elif|İbrahim|Işıl|Çağrı|Gülşen|Ağah|Şebnem|Irmak|Doğukan',
    last: 'Yılmaz|Kaya|Demir|Şahin|Çelik|Yıldız|Öztürk|Aydın|Özdemir|Arslan|Doğan|Kılıç|Çetinkaya',
    towns: 'İzmir, İzmir, 35210|Eskişehir, Eskişehir, 26010|Şanlıurfa, Şanlıurfa, 63000|Diyarbakır, Diyarbakır, 21100',
    streets: 'Atatürk Caddesi|İnönü Bulvarı|Gül Sokak|Çınar Sokağı',
    companies: 'A.Ş.|Ltd. Şti.|Bilişim|Yazılım',
    phone: '+90.2120000###',
  },
  {
    country: 'RU',
    first: 'Александр|Мария|Дмитрий|Анастасия|Максим|Екатерина|Фёдор|Ольга|Пётр|Ксения|Юрий|Татьяна',
    last: 'Иванов|Смирнова|Кузнецов|Попова|Соколов|Лебедева|Козлов|Новикова|Морозов|Щербакова|Римский-Корсаков|Достоевская',
    towns: 'Казань, Татарстан, 420111|Екатеринбург, Свердловская область, 620014|Томск, Томская область, 634050',
    streets: 'улица Ленина|проспект Мира|Садовая улица|набережная Фонтанки',
    companies: 'ООО|и партнёры|Хостинг|и сыновья',
    phone: '+7.4950000###',
  },
  {
    country: 'GR',
    first: 'Γιώργος|Μαρία|Δημήτρης|Ελένη|Κωνσταντίνος|Κατερίνα|Ιωάννης|Βασιλική|Νίκος|Αικατερίνη',
    last: 'Παπαδόπουλος|Παππά|Καραγιάννης|Βλάχου|Ιωάννου|Οικονόμου|Παπαδημητρίου|Χατζηκωνσταντίνου|Γεωργίου',
    towns: 'Αθήνα, Αττική, 105 57|Θεσσαλονίκη, Κεντρική Μακεδονία, 546 22|Ηράκλειο, Κρήτη, 712 02',
    streets: 'Οδός Ερμού|Λεωφόρος Αλεξάνδρας|Οδός Αριστοτέλους',
    companies: 'Α.Ε.|Ε.Π.Ε.|και Υιοί|Υπηρεσίες',
    phone: '+30.2100000###',
  },
  {
    country: 'EG',
    first: 'محمد|فاطمة|أحمد|مريم|عبد الرحمن|نور الهدى|يوسف|عائشة|مصطفى|سلمى|عمر|خديجة',
    last: 'حسن|علي|إبراهيم|السيد|عبد العزيز|الشريف|منصور|خليل|البغدادي|أبو زيد|القاضي',
    towns: 'القاهرة, القاهرة, 11511|الإسكندرية, الإسكندرية, 21500|أسوان, أسوان, 81511',
    streets: 'شارع التحرير|شارع النيل|طريق الجيش|شارع الجمهورية',
    companies: 'للتجارة|وشركاه|للاستضافة|ش.م.م',
    phone: '+20.220000###',
  },
  {
    country: 'IL',
    first: 'נועה|דוד|תמר|יוסף|שירה|אריאל|מיכל|יונתן|אסתר|משה',
    last: 'כהן|לוי|מזרחי|פרץ|ביטון|דהן|אברהם|פרידמן|בן־דוד|שפירא',
    towns: 'תל אביב, תל אביב, 6120101|חיפה, חיפה, 3100001|באר שבע, הדרום, 8410001',
    streets: 'רחוב הרצל|שדרות רוטשילד|רחוב ז׳בוטינסקי',
    companies: 'בע״מ|ובניו|אירוח אתרים',
    phone: '+972.35550###',
  },
  {
    country: 'JP',
    first: '陽翔|葵|蓮|凛|大翔|結菜|健太郎|さくら|翔太|美咲|ひまり|誠',
    last: '佐藤|鈴木|高橋|田中|伊藤|渡邊|山本|中村|小林|加藤|齋藤|長谷川',
    towns: '横浜市, 神奈川県, 220-0011|札幌市, 北海道, 060-0001|京都市, 京都府, 600-8216',
    streets: '中央区1丁目|西区みなとみらい2丁目|烏丸通',
    companies: '株式会社|有限会社|合同会社|商店',
    phone: '+81.332000###',
  },
  {
    country: 'CN',
    first: '伟|芳|娜|秀英|敏|静|丽|强|磊|军|洋|艳|子涵|浩然',
    last: '王|李|张|刘|陈|杨|赵|黄|周|吴|欧阳|司马',
    towns: '上海, 上海市, 200000|成都, 四川省, 610000|西安, 陕西省, 710000',
    streets: '人民路|解放大道|中山北路|建设街',
    companies: '有限公司|科技|网络|贸易',
    phone: '+86.1080000###',
  },
  {
    country: 'IN',
    first: 'आरव|अनन्या|Vivaan|Diya|Aditya|Priya|விஜய்|Lakshmi|Arjun|Kavya|Venkatanarasimharajuvaripeta|सीता',
    last: 'शर्मा|Patel|Reddy|Iyer|Nair|Gupta|Chatterjee|Subramaniam|सिंह|Krishnamurthy|Banerjee|Rao',
    towns:
      'Bengaluru, Karnataka, 560001|Pune, Maharashtra, 411001|Thiruvananthapuram, Kerala, 695001|जयपुर, राजस्थान, 302001',
    streets: 'M. G. Road|Station Road|Temple Street|गांधी मार्ग',
    companies: 'Pvt. Ltd.|& Brothers|Technologies|Traders',
    phone: '+91.2220000###',
    numberFirst: true,
  },
  {
    country: 'NG',
    first: 'Chidi|Ngozi|Oluwaseun|Adaeze|Emeka|Fọlákẹ́|Ibrahim|Aisha|Olúwadámiláre|Tèmítọ́pẹ́',
    last: 'Okafor|Adeyemi|Balogun|Okonkwo|Ogunleye|Eze|Abubakar|Ọláwálé|Nwachukwu|Akinwunmi',
    towns: 'Lagos, Lagos, 100001|Abuja, FCT, 900211|Ìbàdàn, Oyo, 200211',
    streets: 'Broad Street|Awolowo Road|Ring Road',
    companies: 'Ltd|Ventures|& Sons|Nigeria Plc',
    phone: '+234.8020000###',
    numberFirst: true,
  },
  {
    country: 'TH',
    first: 'สมชาย|สุดารัตน์|ณัฐพล|กัญญา|ธนวัฒน์|พิมพ์ชนก|ปิยะดา|วรวุฒิ',
    last: 'ใจดี|ศรีสุวรรณ|ทองคำ|วงศ์สวัสดิ์|แสงอรุณ|เจริญสุขทวีทรัพย์|บุญมี',
    towns: 'เชียงใหม่, เชียงใหม่, 50000|กรุงเทพมหานคร, กรุงเทพมหานคร, 10200',
    streets: 'ถนนสุขุมวิท|ถนนนิมมานเหมินท์|ถนนเยาวราช',
    companies: 'จำกัด|และบุตร|โฮสติ้ง',
    phone: '+66.22000###',
  },
  {
    country: 'IS',
    first: 'Guðrún|Jón|Þórdís|Sigurður|Ragnheiður|Björk|Ólafur|Ásdís|Hallgrímur',
    last: 'Jónsdóttir|Sigurðsson|Guðmundsdóttir|Ólafsson|Þorvaldsdóttir|Ævarsson|Eyjafjallajökulsdóttir',
    towns: 'Reykjavík, Höfuðborgarsvæðið, 101|Ísafjörður, Vestfirðir, 400|Akureyri, Norðurland eystra, 600',
    streets: 'Laugavegur|Skólavörðustígur|Hafnarstræti',
    companies: 'ehf.|hf.|og synir',
    phone: '+354.5550###',
  },
  {
    country: 'VN',
    first: 'Anh|Hương|Dũng|Thảo|Khánh|Phương Linh|Quốc Bảo|Ngọc Ánh|Tuấn',
    last: 'Nguyễn|Trần|Lê|Phạm|Huỳnh|Vũ|Đặng|Bùi|Đỗ|Tôn Nữ',
    towns: 'Hà Nội, Hà Nội, 100000|Đà Nẵng, Đà Nẵng, 550000|Huế, Thừa Thiên Huế, 530000',
    streets: 'Đường Lê Lợi|Phố Hàng Bài|Đường Trần Hưng Đạo',
    companies: 'TNHH|Cổ phần|và Cộng sự',
    phone: '+84.2430000###',
    numberFirst: true,
  },
];

/** The first halves of company names. */
export const VENTURES =
  'Northwind|Bluebird|Granite|Harbour|Juniper|Lantern|Meridian|Nimbus|Orchard|Pinnacle|Quartz|Riverside|Saffron|Tidewater|Umbra|Velvet|Willowbrook|Xenon|Yellowstone|Zephyr|Cobalt|Driftwood|Ember|Foxglove|Halcyon|Ironwood|Kestrel|Lighthouse|Marigold|Nightingale';
