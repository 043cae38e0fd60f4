<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ru_RU" sourcelanguage="en">
<context>
    <name>CallCard</name>
    <message>
        <source>to be saved</source>
        <translation>не сохранена</translation>
    </message>
    <message>
        <source>call runs</source>
        <translation>звонок идёт</translation>
    </message>
    <message>
        <source>Choose customer</source>
        <translation>Выбор клиента</translation>
    </message>
    <message>
        <source>The call was with {number}.
Who shall get its notes?</source>
        <translation>Звонок с номером {number}.
Кому добавить заметки?</translation>
    </message>
    <message>
        <source>Use this customer</source>
        <translation>Выбрать клиента</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Отмена</translation>
    </message>
    <message>
        <source>Look up again</source>
        <translation>Искать ещё раз</translation>
    </message>
    <message>
        <source>Create a customer</source>
        <translation>Создать клиента</translation>
    </message>
    <message>
        <source>Pick a customer</source>
        <translation>Выбрать клиента</translation>
    </message>
    <message>
        <source>Without customer</source>
        <translation>Без клиента</translation>
    </message>
    <message>
        <source>Customer</source>
        <translation>Клиент</translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation>Поиск…</translation>
    </message>
    <message>
        <source>Bitrix24 shows no such record. Check its kind and its number.</source>
        <translation>В Битрикс24 такой записи не видно. Проверьте её вид и номер.</translation>
    </message>
    <message>
        <source>Nobody found. Try another number, or type the record below.</source>
        <translation>Никого не нашлось. Попробуйте другой номер или укажите запись ниже.</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Найти</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>Номер</translation>
    </message>
    <message>
        <source>Found</source>
        <translation>Найдено</translation>
    </message>
    <message>
        <source>Or record</source>
        <translation>Или запись</translation>
    </message>
    <message>
        <source>ID</source>
        <translation>ID</translation>
    </message>
    <message>
        <source>Type during the call; it is kept as a draft.</source>
        <translation>Пишите прямо во время звонка: черновик сохраняется сам.</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>Заметки</translation>
    </message>
    <message>
        <source>Save card</source>
        <translation>Сохранить карточку</translation>
    </message>
    <message>
        <source>Extend</source>
        <translation>Продлить</translation>
    </message>
    <message>
        <source>line {number}</source>
        <translation>линия {number}</translation>
    </message>
    <message>
        <source>Not seen here</source>
        <translation>Звонок не наблюдался</translation>
    </message>
    <message>
        <source>{seconds} s more ({key})</source>
        <translation>Ещё {seconds} с ({key})</translation>
    </message>
    <message>
        <source>draft saved {time}</source>
        <translation>черновик сохранён {time}</translation>
    </message>
    <message>
        <source>Fills in when the call ends.</source>
        <translation>Заполнится, когда звонок закончится.</translation>
    </message>
    <message>
        <source>Choose a customer, or the notes wait here.</source>
        <translation>Выберите клиента, иначе заметки останутся ждать здесь.</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>Позже</translation>
    </message>
    <message>
        <source>Stays in the queue until you take it up ({key})</source>
        <translation>Останется в очереди, пока вы не вернётесь к ней ({key})</translation>
    </message>
    <message>
        <source>Ctrl+Enter</source>
        <translation>Ctrl+Enter</translation>
    </message>
    <message>
        <source>Saving…</source>
        <translation>Сохранение…</translation>
    </message>
    <message>
        <source>The draft is not on the disk.</source>
        <translation>Черновик не записан на диск.</translation>
    </message>
    <message>
        <source>Not saved. The draft is kept; try again.</source>
        <translation>Не сохранено. Черновик цел, попробуйте ещё раз.</translation>
    </message>
    <message>
        <source>guess: the phone system does not show why</source>
        <translation>предположение: АТС не показывает причину</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Ещё</translation>
    </message>
    <message>
        <source>not rated</source>
        <translation>без оценки</translation>
    </message>
    <message>
        <source>Post to chat</source>
        <translation>Написать в чат</translation>
    </message>
    <message>
        <source>Not in amoCRM</source>
        <translation>Нет в amoCRM</translation>
    </message>
    <message>
        <source>as set: {choice}</source>
        <translation>как настроено: {choice}</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation>Длительность</translation>
    </message>
    <message>
        <source>Failure reason</source>
        <translation>Причина</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>Результат</translation>
    </message>
    <message>
        <source>User</source>
        <translation>Сотрудник</translation>
    </message>
    <message>
        <source>Cost</source>
        <translation>Стоимость</translation>
    </message>
    <message>
        <source>Currency</source>
        <translation>Валюта</translation>
    </message>
    <message>
        <source>Rating</source>
        <translation>Оценка</translation>
    </message>
    <message>
        <source>Open in Bitrix24</source>
        <translation>Открыть в Битрикс24</translation>
    </message>
    <message>
        <source>Show…</source>
        <translation>Показать…</translation>
    </message>
    <message>
        <source>Notes without a card: {count}</source>
        <translation>Заметки без карточки: {count}</translation>
    </message>
    <message>
        <source>Notes without a card</source>
        <translation>Заметки без карточки</translation>
    </message>
    <message>
        <source>Typed during calls of the last seven days that somebody else wrote the card of, or nobody had to.</source>
        <translation>Записаны за последние семь дней во время звонков, по которым карточку заполнил другой сотрудник или она не нужна.</translation>
    </message>
    <message>
        <source>Calls</source>
        <translation>Звонки</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Копировать</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Закрыть</translation>
    </message>
    <message>
        <source>Activity {number} in Bitrix24</source>
        <translation>Дело {number} в Битрикс24</translation>
    </message>
    <message>
        <source>Bitrix24 warns: {text}</source>
        <translation>Битрикс24 предупреждает: {text}</translation>
    </message>
    <message>
        <source>Saved. It needs you before it can be sent.</source>
        <translation>Сохранено. Для отправки нужно ваше решение.</translation>
    </message>
    <message>
        <source>Bitrix24 call card</source>
        <translation>Карточка звонка Битрикс24</translation>
    </message>
    <message>
        <source>The card opens by itself at the first ring of your call.</source>
        <translation>Карточка откроется сама с первым гудком вашего звонка.</translation>
    </message>
    <message>
        <source>No card opens here: it is not set which employee you are. Choose yourself in Connect.</source>
        <translation>Карточка здесь не откроется: не указано, какой вы сотрудник. Выберите себя в «Подключении».</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>Повторить</translation>
    </message>
    <message>
        <source>Choose customer…</source>
        <translation>Выбрать клиента…</translation>
    </message>
    <message>
        <source>Decide…</source>
        <translation>Решить…</translation>
    </message>
    <message>
        <source>Next try at {time}.</source>
        <translation>Следующая попытка в {time}.</translation>
    </message>
    <message>
        <source>Queue…</source>
        <translation>Очередь…</translation>
    </message>
    <message>
        <source>Waiting to be sent ({count})</source>
        <translation>Ждут отправки ({count})</translation>
    </message>
    <message>
        <source>Successful call</source>
        <translation>Успешный звонок</translation>
    </message>
    <message>
        <source>Missed call</source>
        <translation>Пропущенный звонок</translation>
    </message>
    <message>
        <source>Declined</source>
        <translation>Отклонено</translation>
    </message>
    <message>
        <source>Cancelled by us</source>
        <translation>Вызов отменён</translation>
    </message>
    <message>
        <source>Forbidden</source>
        <translation>Запрещено</translation>
    </message>
    <message>
        <source>Wrong number</source>
        <translation>Неверный номер</translation>
    </message>
    <message>
        <source>Busy</source>
        <translation>Занято</translation>
    </message>
    <message>
        <source>Direction unavailable</source>
        <translation>Направление недоступно</translation>
    </message>
    <message>
        <source>Temporarily unavailable</source>
        <translation>Временно недоступен</translation>
    </message>
    <message>
        <source>Not enough money</source>
        <translation>Недостаточно средств</translation>
    </message>
    <message>
        <source>Blocked</source>
        <translation>Заблокировано</translation>
    </message>
    <message>
        <source>Not defined</source>
        <translation>Не определено</translation>
    </message>
    <message>
        <source>Incoming</source>
        <translation>Входящий</translation>
    </message>
    <message>
        <source>Outgoing</source>
        <translation>Исходящий</translation>
    </message>
    <message>
        <source>Direction unknown</source>
        <translation>Направление неизвестно</translation>
    </message>
    <message>
        <source>Hidden number</source>
        <translation>Номер скрыт</translation>
    </message>
    <message>
        <source>Contact</source>
        <translation>Контакт</translation>
    </message>
    <message>
        <source>Company</source>
        <translation>Компания</translation>
    </message>
    <message>
        <source>Lead</source>
        <translation>Лид</translation>
    </message>
    <message>
        <source>Looking the number up in Bitrix24…</source>
        <translation>Ищем номер в Битрикс24…</translation>
    </message>
    <message>
        <source>Nobody in Bitrix24 has this number.</source>
        <translation>В Битрикс24 никого с таким номером нет.</translation>
    </message>
    <message>
        <source>The caller hides the number, so nobody can be looked up.</source>
        <translation>Номер скрыт, поэтому искать некого.</translation>
    </message>
    <message>
        <source>Bitrix24 could not be asked who this is.</source>
        <translation>Не удалось узнать в Битрикс24, кто звонит.</translation>
    </message>
    <message>
        <source>less than a minute</source>
        <translation>меньше минуты</translation>
    </message>
    <message>
        <source>{count} min</source>
        <translation>{count} мин</translation>
    </message>
    <message>
        <source>{count} h</source>
        <translation>{count} ч</translation>
    </message>
    <message>
        <source>{count} d</source>
        <translation>{count} дн.</translation>
    </message>
    <message>
        <source>The call still runs. Save the card when it has ended.</source>
        <translation>Звонок ещё идёт. Сохраните карточку, когда он закончится.</translation>
    </message>
    <message>
        <source>Type the Bitrix24 number of the employee this call belongs to, or set yours in Connect.</source>
        <translation>Укажите номер сотрудника в Битрикс24, чей это звонок, или задайте свой в «Подключении».</translation>
    </message>
    <message>
        <source>Choose the currency of the cost, or empty the cost.</source>
        <translation>Выберите валюту стоимости или сотрите стоимость.</translation>
    </message>
    <message>
        <source>The cost cannot be below zero.</source>
        <translation>Стоимость не может быть меньше нуля.</translation>
    </message>
    <message>
        <source>Choose a rating from 1 to 5, or none.</source>
        <translation>Выберите оценку от 1 до 5 или никакой.</translation>
    </message>
    <message>
        <source>Write what the call was about: notes are required here.</source>
        <translation>Напишите, о чём был звонок: заметки обязательны.</translation>
    </message>
    <message>
        <source>Choose a customer, pick one or create one: a customer is required here.</source>
        <translation>Выберите, подберите или создайте клиента: клиент обязателен.</translation>
    </message>
    <message>
        <source>Choose where the new customer came from.</source>
        <translation>Укажите источник нового клиента.</translation>
    </message>
    <message>
        <source>Choose the outcome yourself: the one proposed is only a guess.</source>
        <translation>Выберите исход сами: предложенный — только догадка.</translation>
    </message>
    <message>
        <source>Type what the call cost, 0 if nothing: it is required here.</source>
        <translation>Укажите стоимость звонка, 0 — если её нет: она обязательна.</translation>
    </message>
    <message>
        <source>Rate the call: a rating is required here.</source>
        <translation>Оцените звонок: оценка обязательна.</translation>
    </message>
    <message>
        <source>ask me later</source>
        <translation>спросить позже</translation>
    </message>
    <message>
        <source>create a contact</source>
        <translation>создать контакт</translation>
    </message>
    <message>
        <source>attach to the customer found</source>
        <translation>к найденному клиенту</translation>
    </message>
    <message>
        <source>put into unsorted</source>
        <translation>в неразобранное</translation>
    </message>
    <message>
        <source>do not write it there</source>
        <translation>не записывать</translation>
    </message>
    <message>
        <source>Saved by itself in {time}</source>
        <translation>Сохранится сама через {time}</translation>
    </message>
    <message>
        <source>The card&apos;s time begins when the call ends.</source>
        <translation>Время карточки пойдёт, когда звонок завершится.</translation>
    </message>
    <message>
        <source>This card waits for you as long as you like.</source>
        <translation>Эта карточка ждёт вас сколько нужно.</translation>
    </message>
    <message>
        <source>The card of {number} was saved as it stood: its time was over.</source>
        <translation>Карточка {number} сохранена как есть: её время вышло.</translation>
    </message>
    <message>
        <source>Completed automatically: nobody saved it in time.</source>
        <translation>Завершена автоматически: её не сохранили вовремя.</translation>
    </message>
    <message>
        <source>Saved. Sent to {crm}.</source>
        <translation>Сохранено. Отправлено в {crm}.</translation>
    </message>
    <message>
        <source>Saved. Waiting for {crm}.</source>
        <translation>Сохранено. Ждём {crm}.</translation>
    </message>
    <message>
        <source>The recording follows as soon as the phone system gives it.</source>
        <translation>Запись разговора уйдёт, как только её отдаст АТС.</translation>
    </message>
    <message>
        <source>Bitrix24 shows the card of this call.</source>
        <translation>Битрикс24 показывает карточку этого звонка.</translation>
    </message>
    <message>
        <source>Bitrix24 has no such open call any more, so it shows no card.</source>
        <translation>В Битрикс24 этого открытого звонка больше нет, карточка не показана.</translation>
    </message>
    <message>
        <source>The call is finished in Bitrix24 already. Open it from the receipt or the queue.</source>
        <translation>В Битрикс24 звонок уже завершён. Откройте его из квитанции или из очереди.</translation>
    </message>
    <message>
        <source>Bitrix24 does not know this call yet. It does from the first ring on where the administrator sets bitrix24.register_at to ring.</source>
        <translation>Битрикс24 ещё не знает этого звонка. С первого гудка он его знает там, где администратор задал bitrix24.register_at = ring.</translation>
    </message>
    <message>
        <source>Bitrix24 is not connected. Connect it first.</source>
        <translation>Битрикс24 не подключён. Сначала подключите его.</translation>
    </message>
    <message>
        <source>No card is shown, so there is none to show in Bitrix24.</source>
        <translation>Карточка не открыта, показывать в Битрикс24 нечего.</translation>
    </message>
    <message>
        <source>Set aside: {count}</source>
        <translation>Отложено: {count}</translation>
    </message>
    <message>
        <source>The card is set aside. It waits in the queue.</source>
        <translation>Карточка отложена. Она ждёт в очереди.</translation>
    </message>
    <message>
        <source>Call registered</source>
        <translation>Звонок зарегистрирован</translation>
    </message>
    <message>
        <source>Call card filled in</source>
        <translation>Карточка звонка заполнена</translation>
    </message>
    <message>
        <source>Notes added to the customer</source>
        <translation>Заметки добавлены клиенту</translation>
    </message>
    <message>
        <source>Recording attached</source>
        <translation>Запись разговора приложена</translation>
    </message>
    <message>
        <source>Call card hidden</source>
        <translation>Карточка звонка скрыта</translation>
    </message>
    <message>
        <source>Contact in amoCRM</source>
        <translation>Контакт в amoCRM</translation>
    </message>
    <message>
        <source>Call in amoCRM</source>
        <translation>Звонок в amoCRM</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>ждёт</translation>
    </message>
    <message>
        <source>sending</source>
        <translation>отправляется</translation>
    </message>
    <message>
        <source>checking whether it arrived</source>
        <translation>проверяется</translation>
    </message>
    <message>
        <source>done</source>
        <translation>готово</translation>
    </message>
    <message>
        <source>needs you</source>
        <translation>ждёт вас</translation>
    </message>
    <message>
        <source>Take up</source>
        <translation>Вернуться</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>Источник</translation>
    </message>
    <message>
        <source>not given</source>
        <translation>не указан</translation>
    </message>
    <message>
        <source>By number…</source>
        <translation>По номеру…</translation>
    </message>
</context>
<context>
    <name>Closing</name>
    <message>
        <source>Close Pult?</source>
        <translation>Закрыть Pult?</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Закрыть</translation>
    </message>
    <message>
        <source>Close anyway</source>
        <translation>Всё равно закрыть</translation>
    </message>
    <message>
        <source>Cards not saved yet: {count}. They are saved as they stand.</source>
        <translation>Ещё не сохранено карточек: {count}. Они будут сохранены как есть.</translation>
    </message>
    <message>
        <source>Cards waiting to be sent: {count}.</source>
        <translation>Ждут отправки карточек: {count}.</translation>
    </message>
    <message>
        <source>They are safe on this computer and are sent the next time Pult runs.</source>
        <translation>Они в сохранности на этом компьютере и уйдут при следующем запуске Pult.</translation>
    </message>
    <message>
        <source>Cards set aside: {count}. They stay here until you take them up.</source>
        <translation>Отложено карточек: {count}. Они останутся здесь, пока вы к ним не вернётесь.</translation>
    </message>
    <message>
        <source>A card could not be saved, so Pult stays open. Close it now, and what you typed last may be lost.</source>
        <translation>Карточку не удалось сохранить, поэтому Pult не закрылся. Если закрыть его сейчас, последнее набранное может пропасть.</translation>
    </message>
</context>
<context>
    <name>Connect</name>
    <message>
        <source>Signed in, live calls visible: {count}.</source>
        <translation>Вход выполнен, видно звонков: {count}.</translation>
    </message>
    <message>
        <source>Bitrix24 answers, calls are written for user {user_id}.</source>
        <translation>Битрикс24 отвечает, звонки пишутся на сотрудника {user_id}.</translation>
    </message>
    <message>
        <source>Bitrix24 answers, calls are written for {name} (user {user_id}).</source>
        <translation>Битрикс24 отвечает, звонки пишутся на имя {name} (номер {user_id}).</translation>
    </message>
    <message>
        <source>amoCRM answers: {name}, calls are of {user_name} (user {user_id}).</source>
        <translation>amoCRM отвечает: {name}, звонки пользователя {user_name} (номер {user_id}).</translation>
    </message>
    <message>
        <source>amoCRM answers: {name}, calls are of user {user_id}.</source>
        <translation>amoCRM отвечает: {name}, звонки пользователя {user_id}.</translation>
    </message>
    <message>
        <source>The token ends in {days} days: ask for a new one in time.</source>
        <translation>Срок токена кончается через {days} дн.: вовремя попросите новый.</translation>
    </message>
    <message>
        <source>It did not work ({code}).</source>
        <translation>Не получилось ({code}).</translation>
    </message>
    <message>
        <source>No answer in time. Check the network, or try again in a minute.</source>
        <translation>Ответа не дождались. Проверьте сеть или попробуйте через минуту.</translation>
    </message>
    <message>
        <source>Something answers at this address, but not the right service. Check the address.</source>
        <translation>По этому адресу отвечает что-то другое. Проверьте адрес.</translation>
    </message>
    <message>
        <source>The address begins with http://. Only https:// is allowed, or the sign-in could be overheard.</source>
        <translation>Адрес начинается с http://. Допустим только https://, иначе вход можно подслушать.</translation>
    </message>
    <message>
        <source>This is not a full address. It begins with https://.</source>
        <translation>Это не полный адрес. Он начинается с https://.</translation>
    </message>
    <message>
        <source>There is no server of this name. Check the address for a slip, and the network.</source>
        <translation>Сервера с таким именем нет. Проверьте опечатки в адресе и сеть.</translation>
    </message>
    <message>
        <source>The server does not take the connection. Check the address and the firewall.</source>
        <translation>Сервер не принимает соединение. Проверьте адрес и межсетевой экран.</translation>
    </message>
    <message>
        <source>The proxy refused. Check the proxy settings of this computer.</source>
        <translation>Прокси отказал. Проверьте настройки прокси на этом компьютере.</translation>
    </message>
    <message>
        <source>The connection broke before the answer came. Try again.</source>
        <translation>Соединение оборвалось до ответа. Попробуйте ещё раз.</translation>
    </message>
    <message>
        <source>The server&apos;s certificate has expired. Check this computer&apos;s date and clock.</source>
        <translation>Сертификат сервера просрочен. Проверьте дату и часы компьютера.</translation>
    </message>
    <message>
        <source>The server&apos;s certificate is not valid yet. Check this computer&apos;s date and clock.</source>
        <translation>Сертификат сервера ещё не действует. Проверьте дату и часы компьютера.</translation>
    </message>
    <message>
        <source>The certificate belongs to another server. Check the address for a slip.</source>
        <translation>Сертификат принадлежит другому серверу. Проверьте опечатки в адресе.</translation>
    </message>
    <message>
        <source>The certificate is not trusted here. Behind a company&apos;s proxy the administrator adds its root.</source>
        <translation>Сертификату здесь не доверяют. За прокси компании администратор добавляет корневой сертификат.</translation>
    </message>
    <message>
        <source>The secure connection failed. Check the address and this computer&apos;s clock.</source>
        <translation>Защищённое соединение не удалось. Проверьте адрес и часы компьютера.</translation>
    </message>
    <message>
        <source>Give the address of the Call API, it begins with https://.</source>
        <translation>Укажите адрес Call API, он начинается с https://.</translation>
    </message>
    <message>
        <source>Give the login.</source>
        <translation>Укажите логин.</translation>
    </message>
    <message>
        <source>Give the password.</source>
        <translation>Укажите пароль.</translation>
    </message>
    <message>
        <source>Give the permanent key.</source>
        <translation>Укажите постоянный ключ.</translation>
    </message>
    <message>
        <source>Login or password is wrong. Mind the keyboard layout and Caps Lock.</source>
        <translation>Неверный логин или пароль. Проверьте раскладку и Caps Lock.</translation>
    </message>
    <message>
        <source>The phone system does not know this key. Copy it again whole.</source>
        <translation>АТС не знает такого ключа. Скопируйте его ещё раз целиком.</translation>
    </message>
    <message>
        <source>The key has expired. Ask the administrator for a new one.</source>
        <translation>Срок ключа истёк. Попросите у администратора новый.</translation>
    </message>
    <message>
        <source>The key is blocked. Ask the administrator.</source>
        <translation>Ключ заблокирован. Обратитесь к администратору.</translation>
    </message>
    <message>
        <source>This computer&apos;s address is not allowed. In the phone system&apos;s cabinet the administrator adds it: Administrator, Account, Security rules and settings, tab API.</source>
        <translation>Адрес этого компьютера не разрешён. Администратор добавляет его в личном кабинете: Администратор → Аккаунт → Правила и настройки безопасности → вкладка API.</translation>
    </message>
    <message>
        <source>The account lacks the component “Call API”. The administrator orders it in the phone system&apos;s cabinet.</source>
        <translation>В учётной записи нет компонента «Call API». Администратор подключает его в личном кабинете.</translation>
    </message>
    <message>
        <source>The account is switched off. Ask who pays for the phone system.</source>
        <translation>Учётная запись отключена. Обратитесь к тому, кто оплачивает АТС.</translation>
    </message>
    <message>
        <source>This user may not see calls. The administrator gives the right.</source>
        <translation>Этому пользователю не видны звонки. Право даёт администратор.</translation>
    </message>
    <message>
        <source>The account&apos;s points are used up for now. Try again in a minute.</source>
        <translation>Баллы учётной записи пока исчерпаны. Попробуйте через минуту.</translation>
    </message>
    <message>
        <source>This address is not a Call API of version 4. It ends with /v4.0.</source>
        <translation>Это не адрес Call API версии 4. Он оканчивается на /v4.0.</translation>
    </message>
    <message>
        <source>The phone system has a fault of its own. Try again in a minute.</source>
        <translation>Сбой на стороне АТС. Попробуйте через минуту.</translation>
    </message>
    <message>
        <source>Bitrix24 does not know this webhook. Copy its address again whole.</source>
        <translation>Битрикс24 не знает такого вебхука. Скопируйте адрес ещё раз целиком.</translation>
    </message>
    <message>
        <source>The webhook lacks rights. In Bitrix24 tick “telephony”, “crm” and “user” for it.</source>
        <translation>У вебхука мало прав. Отметьте для него в Битрикс24 «Телефония», «CRM» и «Пользователи».</translation>
    </message>
    <message>
        <source>The portal&apos;s plan does not allow this. Ask the portal&apos;s administrator.</source>
        <translation>Тариф портала этого не позволяет. Обратитесь к администратору портала.</translation>
    </message>
    <message>
        <source>Give the address of the webhook.</source>
        <translation>Укажите адрес вебхука.</translation>
    </message>
    <message>
        <source>This is not a webhook&apos;s address. It looks like https://portal.bitrix24.ru/rest/1/abc123/.</source>
        <translation>Это не адрес вебхука. Он выглядит так: https://portal.bitrix24.ru/rest/1/abc123/.</translation>
    </message>
    <message>
        <source>Bitrix24 wants an application for registering calls (WRONG_AUTH_TYPE): this portal does not let a webhook write calls. Choose “Local application” above; until then cards wait.</source>
        <translation>Для регистрации звонков Битрикс24 требует приложение (WRONG_AUTH_TYPE): на этом портале вебхук не может записывать звонки. Выберите выше «Локальное приложение»; до тех пор карточки ждут.</translation>
    </message>
    <message>
        <source>Bitrix24 has no active user {user_id}. Correct “Bitrix24 user” below.</source>
        <translation>В Битрикс24 нет действующего сотрудника {user_id}. Исправьте «Номер в Битрикс24» ниже.</translation>
    </message>
    <message>
        <source>The webhook has expired. Make a new one in Bitrix24.</source>
        <translation>Срок вебхука истёк. Создайте новый в Битрикс24.</translation>
    </message>
    <message>
        <source>The portal has no CRM. Ask its administrator.</source>
        <translation>На портале нет CRM. Обратитесь к администратору.</translation>
    </message>
    <message>
        <source>The portal has moved. Copy the webhook&apos;s address again in Bitrix24.</source>
        <translation>Портал переехал. Скопируйте адрес вебхука в Битрикс24 заново.</translation>
    </message>
    <message>
        <source>The portal does not exist any more. Check the address.</source>
        <translation>Портала больше нет. Проверьте адрес.</translation>
    </message>
    <message>
        <source>Bitrix24 is busy. Try again in a few seconds.</source>
        <translation>Битрикс24 занят. Попробуйте через несколько секунд.</translation>
    </message>
    <message>
        <source>Bitrix24 is busy. Try again in a few minutes.</source>
        <translation>Битрикс24 занят. Попробуйте через несколько минут.</translation>
    </message>
    <message>
        <source>Bitrix24 has blocked requests of this portal. Ask its administrator.</source>
        <translation>Битрикс24 заблокировал запросы этого портала. Обратитесь к администратору.</translation>
    </message>
    <message>
        <source>Give the portal&apos;s address, it begins with https://.</source>
        <translation>Укажите адрес портала, он начинается с https://.</translation>
    </message>
    <message>
        <source>Give the ID, as it stands where the application was made.</source>
        <translation>Укажите код (ID): он стоит там, где создано приложение.</translation>
    </message>
    <message>
        <source>Give the key, as it stands where the application was made.</source>
        <translation>Укажите ключ: он стоит там, где создано приложение.</translation>
    </message>
    <message>
        <source>Give the refresh token. It is good for one use.</source>
        <translation>Укажите токен обновления. Он действует один раз.</translation>
    </message>
    <message>
        <source>Save first, then check: a refresh token is good for one use.</source>
        <translation>Сначала сохраните, потом проверяйте: токен обновления действует один раз.</translation>
    </message>
    <message>
        <source>Give the account&apos;s address, it looks like https://example.amocrm.ru.</source>
        <translation>Укажите адрес аккаунта, он похож на https://example.amocrm.ru.</translation>
    </message>
    <message>
        <source>Give the long-lived token.</source>
        <translation>Укажите долгосрочный токен.</translation>
    </message>
    <message>
        <source>The token has ended. Ask the administrator for a new one.</source>
        <translation>Срок токена истёк. Попросите у администратора новый.</translation>
    </message>
    <message>
        <source>amoCRM has no user {user_id}. Correct “amoCRM user”.</source>
        <translation>В amoCRM нет пользователя {user_id}. Исправьте поле «Пользователь amoCRM».</translation>
    </message>
    <message>
        <source>There is nothing to save yet. To sign in, give login and password, or a permanent key.</source>
        <translation>Сохранять пока нечего. Для входа нужны логин и пароль или постоянный ключ.</translation>
    </message>
    <message>
        <source>Saved, but Pult is not signed in to the phone system: that takes login and password, or a key.</source>
        <translation>Сохранено, но вход в АТС не выполнен: для него нужны логин и пароль или ключ.</translation>
    </message>
    <message>
        <source>Only https:// addresses are allowed.</source>
        <translation>Допустимы только адреса https://.</translation>
    </message>
    <message>
        <source>Choose an employee of the list, or type a number.</source>
        <translation>Выберите сотрудника из списка или введите номер.</translation>
    </message>
    <message>
        <source>The settings file cannot be written, nothing was changed. Ask the administrator.</source>
        <translation>Файл настроек не записывается, ничего не изменено. Обратитесь к администратору.</translation>
    </message>
    <message>
        <source>Type a number above zero, or leave it empty.</source>
        <translation>Введите число больше нуля или оставьте пустым.</translation>
    </message>
    <message>
        <source>Secrets are kept in the keyring: {backend}.</source>
        <translation>Данные входа хранятся в хранилище паролей: {backend}.</translation>
    </message>
    <message>
        <source>Secrets come from the environment ({backend}) and are kept nowhere.</source>
        <translation>Данные входа берутся из окружения ({backend}) и нигде не хранятся.</translation>
    </message>
    <message>
        <source>this computer has no keyring</source>
        <translation>на этом компьютере нет хранилища паролей</translation>
    </message>
    <message>
        <source>the keyring found here is not a safe one</source>
        <translation>найденное хранилище паролей ненадёжно</translation>
    </message>
    <message>
        <source>the keyring is locked</source>
        <translation>хранилище паролей заблокировано</translation>
    </message>
    <message>
        <source>the keyring does not answer</source>
        <translation>хранилище паролей не отвечает</translation>
    </message>
    <message>
        <source>the keyring has a fault</source>
        <translation>хранилище паролей неисправно</translation>
    </message>
    <message>
        <source>no keyring can be used</source>
        <translation>хранилище паролей недоступно</translation>
    </message>
    <message>
        <source>Secrets are kept for this run only: {why}.</source>
        <translation>Данные входа хранятся только до закрытия программы: {why}.</translation>
    </message>
    <message>
        <source>Connect</source>
        <translation>Подключение</translation>
    </message>
    <message>
        <source>Sign out</source>
        <translation>Выйти</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Сохранить</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Отмена</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Закрыть</translation>
    </message>
    <message>
        <source>Phone system</source>
        <translation>АТС</translation>
    </message>
    <message>
        <source>Login and password</source>
        <translation>Логин и пароль</translation>
    </message>
    <message>
        <source>Permanent key</source>
        <translation>Постоянный ключ</translation>
    </message>
    <message>
        <source>Check phone system</source>
        <translation>Проверить АТС</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Адрес</translation>
    </message>
    <message>
        <source>Sign in with</source>
        <translation>Вход</translation>
    </message>
    <message>
        <source>Login</source>
        <translation>Логин</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>Пароль</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Ключ</translation>
    </message>
    <message>
        <source>Local application</source>
        <translation>Локальное приложение</translation>
    </message>
    <message>
        <source>Bitrix24</source>
        <translation>Битрикс24</translation>
    </message>
    <message>
        <source>Check Bitrix24</source>
        <translation>Проверить Битрикс24</translation>
    </message>
    <message>
        <source>Portal</source>
        <translation>Портал</translation>
    </message>
    <message>
        <source>Application ID</source>
        <translation>Код приложения</translation>
    </message>
    <message>
        <source>Application key</source>
        <translation>Ключ приложения</translation>
    </message>
    <message>
        <source>Refresh token</source>
        <translation>Токен обновления</translation>
    </message>
    <message>
        <source>Long-lived token</source>
        <translation>Долгосрочный токен</translation>
    </message>
    <message>
        <source>Integration</source>
        <translation>Интеграция</translation>
    </message>
    <message>
        <source>amoCRM</source>
        <translation>amoCRM</translation>
    </message>
    <message>
        <source>Check amoCRM</source>
        <translation>Проверить amoCRM</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>Аккаунт</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>Токен</translation>
    </message>
    <message>
        <source>Integration ID</source>
        <translation>ID интеграции</translation>
    </message>
    <message>
        <source>Secret key</source>
        <translation>Секретный ключ</translation>
    </message>
    <message>
        <source>Redirect address</source>
        <translation>Адрес перенаправления</translation>
    </message>
    <message>
        <source>amoCRM user</source>
        <translation>Пользователь amoCRM</translation>
    </message>
    <message>
        <source>Your number in amoCRM; the check finds it</source>
        <translation>Ваш номер в amoCRM; его найдёт проверка</translation>
    </message>
    <message>
        <source>Webhook</source>
        <translation>Вебхук</translation>
    </message>
    <message>
        <source>Who I am</source>
        <translation>Кто я</translation>
    </message>
    <message>
        <source>Employee</source>
        <translation>Сотрудник</translation>
    </message>
    <message>
        <source>Bitrix24 user</source>
        <translation>Номер в Битрикс24</translation>
    </message>
    <message>
        <source>Choose, or type the employee&apos;s number</source>
        <translation>Выберите или введите номер сотрудника</translation>
    </message>
    <message>
        <source>Your number in Bitrix24; the check finds it</source>
        <translation>Ваш номер в Битрикс24, его найдёт проверка</translation>
    </message>
    <message>
        <source>stored; type to replace it</source>
        <translation>сохранён; введите, чтобы заменить</translation>
    </message>
    <message>
        <source>Checking…</source>
        <translation>Проверяем…</translation>
    </message>
    <message>
        <source>Passwords, keys, webhook and tokens are removed from this computer. Cards that wait are kept.</source>
        <translation>Пароли, ключи, вебхук и токены удаляются с этого компьютера. Ждущие карточки остаются.</translation>
    </message>
</context>
</TS>
